/** Names in the actor system: OTP's registered names. */
import { expect, test } from 'vitest';
import { findChild } from '../../../src/supervision/actor-tree.ts';
import { supervisorSpec } from '../../../src/supervision/supervisor-spec.ts';
import { supervisorAt } from '../stage.ts';
import { callsTo, started, supervise, template } from './supervise.ts';

test('simple_global_supervisor: a worker and a supervisor that were killed come back under their names', async () => {
  const root = await supervise({}, (worker) => {
    const named = worker('job', {}, { start: { systemId: 'the job' } });
    const { start, ...spec } = supervisorSpec('jobs', { strategy: 'simple_one_for_one', backoff: 'none' }, [
      template(named),
    ]);
    return [{ ...spec, start: { ...start, systemId: 'the jobs' } }];
  });
  const { supervisor } = root;
  /** Each name stands for the living actor, or for none where none lives. */
  const expectNamesToHold = (): void => {
    expect(supervisor.system.get('the jobs')).toBe(findChild(supervisor, 'jobs'));
    expect(supervisor.system.get('the job')).toBe(findChild(supervisor, 'jobs/job-1'));
  };

  await callsTo(root, supervisorAt(root, 'jobs')).startDynamicChild();
  const jobs = findChild(supervisor, 'jobs');
  const job = findChild(supervisor, 'jobs/job-1');
  expect(job).toBeDefined();
  expectNamesToHold();

  await root.end('jobs/job-1', 'kill');
  expect(findChild(supervisor, 'jobs')).toBe(jobs);
  expect(findChild(supervisor, 'jobs/job-1')).not.toBe(job);
  expectNamesToHold();

  await root.end('jobs', 'kill');
  expect(findChild(supervisor, 'jobs')).not.toBe(jobs);
  expect(findChild(supervisor, 'jobs/job-1')).toBeUndefined();
  expectNamesToHold();
  const calls = callsTo(root, supervisorAt(root, 'jobs'));
  expect(await calls.startDynamicChild()).toEqual(started('job-1#1'));
  expectNamesToHold();
});
