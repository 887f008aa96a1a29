/** What is remembered of each child, and for how long. */
import { expect, test } from 'vitest';
import type { SupervisorReport } from '../../machines/supervision/hooks.ts';
import { SupervisionHistory } from '../../src/supervision/supervision-history.ts';

const about = { supervisor: 'ensemble', id: 'tmux', pid: 'tmux#1' };
const none = { restarts: 0, lastExit: null, killFailed: null };

function heard(...reports: SupervisorReport[]): SupervisionHistory {
  let now = 0;
  const history = new SupervisionHistory(() => ++now);
  for (const report of reports) history.hear(report);
  return history;
}

test('restarts are counted, starts are not', () => {
  const history = heard(
    { ...about, report: 'child_started' },
    { ...about, report: 'child_restarted' },
    { ...about, report: 'child_restarted' },
  );
  expect(history.of('ensemble/tmux')).toEqual({ ...none, restarts: 2 });
  expect(history.of('tmux')).toEqual(none);
});

const killed = { kind: 'killed' } as const;
test.each<[string, SupervisorReport]>([
  ['killed', { ...about, report: 'child_terminated', reason: killed }],
  ['killed', { ...about, report: 'shutdown_error', reason: killed }],
  ['lost', { ...about, report: 'child_terminated', reason: { kind: 'error', error: new Error('lost') } }],
  ['did not start: timeout', { ...about, report: 'start_error', reason: 'timeout' }],
])('the latest fault: %s', (reason, report) => {
  expect(heard(report).of('ensemble/tmux')).toEqual({ ...none, lastExit: { at: 1, reason } });
});

test('a supervisor that gives up has its reason from the child it gave up over', () => {
  const history = heard({ ...about, report: 'shutdown', reason: 'reached_max_restart_intensity' });
  expect(history.of('ensemble').lastExit).toEqual({ at: 1, reason: 'too many restarts of tmux' });
});

test('a failed kill is forgotten with the next start, also one that was deeper', () => {
  const failure = { report: 'kill_failed', path: 'ensemble/agents/pane', reason: 'timeout' } as const;
  const history = heard({ ...about, ...failure });
  expect(history.of('ensemble/agents/pane').killFailed).toEqual({ at: 1, reason: 'timeout' });
  history.hear({ report: 'child_started', supervisor: 'ensemble/agents', id: 'pane', pid: 'pane#2' });
  expect(history.of('ensemble/agents/pane').killFailed).toBeNull();
});

test('the offender is the child whose fault came last; who only ended with it is none', () => {
  const history = heard(
    { ...about, report: 'child_terminated', reason: killed },
    { ...about, id: 'agents', report: 'shutdown_error', reason: killed },
  );
  expect(history.offenderOf('ensemble')).toBe('tmux');
  expect(history.offenderOf('')).toBeUndefined();
});
