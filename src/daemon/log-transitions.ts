/** Every transition of every machine as a line of the log, at the level `debug`; machines themselves do not log. */
import type { TransitionListener } from '../inspection/hub.ts';
import type { Log } from '../log/log.ts';

export function logTransitions(log: Log): TransitionListener {
  return ({ at: _at, ...transition }) => log.debug(transition, 'transition');
}
