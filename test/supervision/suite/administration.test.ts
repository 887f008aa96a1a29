/** The calls by which a running supervisor's children are administered, and each answer they may have. */
import { expect, test } from 'vitest';
import { refused, started, supervise, template } from './supervise.ts';

const simple = { strategy: 'simple_one_for_one' } as const;

test('child_adm: a static child is added, ended, restarted and forgotten', async () => {
  const root = await supervise({});
  const { worker } = root;
  expect(await root.pids()).toEqual([]);
  expect(await root.counts()).toEqual([0, 0, 0, 0]);

  expect(await root.startChild(worker('a'))).toEqual(started('a#1'));
  expect(await root.startChild(worker('b', {}, { type: 'supervisor' }))).toEqual(started('b#1'));
  expect(await root.whichChildren()).toEqual({
    ok: true,
    children: [
      { id: 'b', pid: 'b#1', type: 'supervisor' },
      { id: 'a', pid: 'a#1', type: 'worker' },
    ],
  });
  expect(await root.counts()).toEqual([2, 2, 1, 1]);
  expect(await root.startChild(worker('a'))).toEqual({ ...refused('already_started'), pid: 'a#1' });
  expect(await root.restartChild('a')).toEqual(refused('running'));
  expect(await root.deleteChild('a')).toEqual(refused('running'));

  expect(await root.terminateChild('a')).toEqual({ ok: true });
  expect(await root.pids()).toEqual(['b#1', 'a undefined']);
  expect(await root.counts()).toEqual([2, 1, 1, 1]);
  expect(await root.terminateChild('a')).toEqual({ ok: true });
  expect(await root.startChild(worker('a'))).toEqual(refused('already_present'));
  expect(await root.restartChild('a')).toEqual(started('a#2'));
  expect(await root.pids()).toEqual(['b#1', 'a#2']);

  expect(await root.terminateChild('a')).toEqual({ ok: true });
  expect(await root.deleteChild('a')).toEqual({ ok: true });
  expect(await root.pids()).toEqual(['b#1']);
  expect(root.takeExits()).toEqual(['a#1 shutdown', 'a#2 shutdown']);
  expect(root.fate()).toBe('running');
});

test('child_adm: who is not there is not found, and a static child has no other name than its id', async () => {
  const root = await supervise({}, (worker) => [worker('a')]);
  for (const name of ['b', 'a#1', 'b#1']) {
    expect(await root.terminateChild(name)).toEqual(refused('not_found'));
    expect(await root.restartChild(name)).toEqual(refused('not_found'));
    expect(await root.deleteChild(name)).toEqual(refused('not_found'));
    expect(await root.getChildSpec(name)).toEqual(refused('not_found'));
  }
  expect(await root.pids()).toEqual(['a#1']);
});

test('child_adm: a temporary child is forgotten with its end', async () => {
  const root = await supervise({}, (worker) => [worker('a', {}, { restart: 'temporary' })]);
  expect(await root.terminateChild('a')).toEqual({ ok: true });
  expect(await root.restartChild('a')).toEqual(refused('not_found'));
  expect(await root.deleteChild('a')).toEqual(refused('not_found'));
});

test('child_adm: calls cost no restart intensity', async () => {
  const root = await supervise({ intensity: 0 }, (worker) => [worker('a')]);
  for (let round = 0; round < 5; round += 1) {
    expect(await root.terminateChild('a')).toEqual({ ok: true });
    expect(await root.restartChild('a')).toEqual(started(`a#${round + 2}`));
  }
  expect(root.fate()).toBe('running');
});

test.each([{}, simple])('child_adm: a supervisor that has ended answers noproc, with %o', async (flags) => {
  const root = await supervise(flags, (worker) => [worker('a')]);
  await root.shutDown();
  const answers = [
    await root.startChild(root.worker('b')),
    await root.startDynamicChild(),
    await root.restartChild('a'),
    await root.terminateChild('a'),
    await root.deleteChild('a'),
    await root.getChildSpec('a'),
    await root.whichChildren(),
    await root.countChildren(),
  ];
  expect(answers).toEqual(answers.map(() => refused('noproc')));
});

test('child_adm_simple: a dynamic child is known by its pid and gone with its end', async () => {
  const root = await supervise(simple, (worker) => [template(worker('job'))]);
  expect(await root.pids()).toEqual([]);
  expect(await root.counts()).toEqual([1, 0, 0, 0]);

  expect(await root.startDynamicChild()).toEqual(started('job-1#1'));
  expect(await root.startDynamicChild()).toEqual(started('job-2#1'));
  expect((await root.pids()).toSorted()).toEqual(['job-1#1', 'job-2#1']);
  expect(await root.counts()).toEqual([1, 2, 0, 2]);

  expect(await root.terminateChild('job-1#1')).toEqual({ ok: true });
  expect(await root.pids()).toEqual(['job-2#1']);
  expect(await root.counts()).toEqual([1, 1, 0, 1]);
  expect(await root.terminateChild('job-1#1')).toEqual({ ok: true });
  expect(root.takeExits()).toEqual(['job-1#1 shutdown']);
});

test('child_adm_simple: ids and strangers are refused, as is a spec', async () => {
  const root = await supervise(simple, (worker) => [template(worker('job'))]);
  await root.startDynamicChild();
  const misplaced = refused('simple_one_for_one');
  for (const name of ['job', 'job-1']) expect(await root.terminateChild(name)).toEqual(misplaced);
  for (const name of ['job', 'job-1#1', 'other']) {
    expect(await root.restartChild(name)).toEqual(misplaced);
    expect(await root.deleteChild(name)).toEqual(misplaced);
  }
  expect(await root.terminateChild('other-1#1')).toEqual(refused('not_found'));
  expect(await root.terminateChild('job-2#1')).toEqual(refused('not_found'));
  expect(await root.startChild(root.worker('a'))).toMatchObject(refused('invalid_child_spec'));
  expect(await root.pids()).toEqual(['job-1#1']);
});

const informing = { readyAfter: 0 };
const ready = { start: { ready: 'event' } } as const;

test('extra_return: what a child says with child.ready reaches whoever started it', async () => {
  const root = await supervise({}, (worker) => [worker('a', informing, ready)]);
  expect(await root.startChild(root.worker('b', informing, ready))).toEqual({
    ...started('b#1'),
    info: 'here',
  });
  expect(await root.startChild(root.worker('b', informing, ready))).toEqual({
    ...refused('already_started'),
    pid: 'b#1',
  });
  await root.terminateChild('b');
  expect(await root.restartChild('b')).toEqual({ ...started('b#2'), info: 'here' });
  await root.end('b', 'crash');
  expect(await root.pids()).toEqual(['b#3', 'a#1']);
  expect(await root.counts()).toEqual([2, 2, 0, 2]);
  expect(root.fate()).toBe('running');
});

test('simple_one_for_one_extra: so it does from a dynamic child, which is restarted like any other', async () => {
  const root = await supervise(simple, (worker) => [template(worker('job', informing, ready))]);
  expect(await root.startDynamicChild()).toEqual({ ...started('job-1#1'), info: 'here' });
  expect(await root.startDynamicChild()).toEqual({ ...started('job-2#1'), info: 'here' });
  await root.end('job-1', 'kill');
  expect((await root.pids()).toSorted()).toEqual(['job-1#2', 'job-2#1']);
  expect(root.fate()).toBe('running');
});
