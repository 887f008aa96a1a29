/** The table of faults: each kind with what does it. */
import type { FaultKind } from '../fault-plan.ts';
import type { Fault } from '../orchestra.ts';
import { breakTracker } from './break-tracker.ts';
import { corruptBlock, corruptRecord } from './corrupt.ts';
import { fillDisk } from './fill-disk.ts';
import { killAgent, killAll, killDaemon, killNats, killPane, killTmux } from './kill.ts';
import { badMessages } from './messages.ts';
import { hangLoop, jumpClock } from './misbehave.ts';
import { stopAgent, stopDaemon, stopNats, stopTmux } from './stop.ts';

export const faults: Record<FaultKind, Fault> = {
  'kill-agent': killAgent,
  'kill-pane': killPane,
  'kill-tmux': killTmux,
  'kill-nats': killNats,
  'kill-daemon': killDaemon,
  'kill-all': killAll,
  'stop-agent': stopAgent,
  'stop-nats': stopNats,
  'stop-tmux': stopTmux,
  'stop-daemon': stopDaemon,
  'hang-loop': hangLoop,
  'jump-clock': jumpClock,
  'fill-disk': fillDisk,
  'corrupt-record': corruptRecord,
  'corrupt-block': corruptBlock,
  'bad-messages': badMessages,
  'break-tracker': breakTracker,
};
