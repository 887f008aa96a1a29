/** The task store on a real nats-server: one claim among many, truth through crashes, and facts told once. */
import { describe, expect, test } from 'vitest';
import type { TaskEvent } from '../../machines/task.machine.ts';
import type { TaskRecord } from '../../src/tasks/task-record.ts';
import { startServer } from '../bus/real-bus.ts';
import { claim, finish, release, sampleInput, sampleIssue } from './sample-task.ts';
import { openStore, when } from './stored-tasks.ts';

const claimOf = (agent: string): TaskEvent => ({ type: 'claim', agent, node: 'local', leaseUntil: 1_000 });

describe('one store', () => {
  test('creates a task once, finds it again, and tells of it', async () => {
    const server = await startServer();
    const { store, facts } = await openStore(server);
    expect(await store.create(sampleInput())).toBe('created');
    expect(await store.create(sampleInput())).toBe('exists');
    expect(store.get('7')).toMatchObject({ state: 'waiting', issue: sampleIssue() });
    expect([store.size, [...store.all()].length]).toEqual([1, 1]);
    expect(facts).toEqual([
      {
        name: 'task.discovered',
        about: '7',
        body: { title: sampleIssue().title, stage: 'codegen', priority: 2 },
      },
    ]);
    const later = await openStore(server);
    expect(later.store.get('7')).toEqual(store.get('7'));
    expect(await later.store.create(sampleInput())).toBe('exists');
    expect(later.facts).toEqual([]);
  });

  test('knows which tasks are not over, also when it is opened anew', async () => {
    const server = await startServer();
    const { store } = await openStore(server);
    for (const id of ['1', '2', '3']) await store.create(sampleInput({ issue: sampleIssue({ id }) }));
    const idsOf = (tasks: Iterable<TaskRecord>) => [...tasks].map(({ issue }) => issue.id).sort();
    await store.apply('1', { type: 'close' });
    await store.apply('2', claim);
    await store.apply('3', { type: 'close' });
    expect(idsOf(store.unfinished())).toEqual(['2']);
    await store.apply('3', { type: 'reopen' });
    expect(idsOf(store.unfinished())).toEqual(['2', '3']);
    expect(idsOf((await openStore(server)).store.unfinished())).toEqual(['2', '3']);
    expect(idsOf(store.all())).toEqual(['1', '2', '3']);
  });

  test('takes events, refuses stale ones, and tells the facts of those that it took', async () => {
    const { store, names } = await openStore(await startServer());
    await store.create(sampleInput());
    expect(await store.apply('7', claim)).toMatchObject({
      taken: true,
      task: { state: 'assigned', token: 1 },
    });
    expect(store.heldBy('kaede')?.issue.id).toBe('7');
    expect(store.heldBy('sakura')).toBeUndefined();
    expect(await store.apply('7', claim)).toMatchObject({ taken: false, task: { token: 1 } });
    expect(await store.apply('7', finish(9, 'done'))).toMatchObject({ taken: false });
    await store.apply('7', { type: 'accept', token: 1 });
    await store.apply('7', { type: 'renew', token: 1, leaseUntil: 5_000 });
    await store.apply('7', finish(1, 'done'));
    await store.apply('7', claim);
    await store.apply('7', finish(2, 'done'));
    expect(store.get('7')?.state).toBe('done');
    expect(store.heldBy('kaede')).toBeUndefined();
    expect(names()).toEqual([
      'task.discovered',
      'task.claimed',
      'task.accepted',
      'task.finished',
      'task.advanced',
      'task.claimed',
      'task.finished',
      'task.completed',
    ]);
  });

  test('says of an unknown task that there is none', async () => {
    const { store } = await openStore(await startServer());
    expect(await store.apply('nobody', claim)).toEqual({ taken: false, task: undefined });
  });

  test('takes over an edited issue, whatever its state, and tells only what people see', async () => {
    const { store, names } = await openStore(await startServer());
    await store.create(sampleInput());
    await store.apply('7', claim);
    expect(await store.updateIssue(sampleIssue())).toMatchObject({ taken: false });
    expect(await store.updateIssue(sampleIssue({ body: 'new' }))).toMatchObject({
      taken: true,
      task: { state: 'assigned' },
    });
    expect(await store.updateIssue(sampleIssue({ body: 'new', title: 'New' }))).toMatchObject({
      taken: true,
    });
    expect(store.get('7')).toMatchObject({ issue: { title: 'New', body: 'new' }, token: 1 });
    expect(names()).toEqual(['task.discovered', 'task.claimed', 'task.updated']);
  });

  test('calls its listeners with each change, once, until they leave', async () => {
    const { store } = await openStore(await startServer());
    const heard: string[] = [];
    const stop = store.onChange(({ state }) => heard.push(state));
    await store.create(sampleInput());
    await store.apply('7', claim);
    stop();
    await store.apply('7', release(1));
    expect(heard).toEqual(['waiting', 'assigned']);
  });
});

describe('two stores on one bucket', () => {
  async function two() {
    const server = await startServer();
    const first = await openStore(server);
    await first.store.create(sampleInput({ maxAttempts: 100 }));
    const second = await openStore(server);
    return { server, first, second };
  }

  test('of two claims at once exactly one is taken, time after time, and one fact is told of it', async () => {
    const { first, second } = await two();
    for (let round = 1; round <= 20; round += 1) {
      const claims = await Promise.all([
        first.store.apply('7', claimOf('kaede')),
        second.store.apply('7', claimOf('sakura')),
      ]);
      expect(claims.map(({ taken }) => taken).toSorted()).toEqual([false, true]);
      const winner = claims[0].taken ? 'kaede' : 'sakura';
      for (const { task } of claims) expect(task).toMatchObject({ token: round, claim: { agent: winner } });
      expect([...first.names(), ...second.names()].filter((name) => name === 'task.claimed')).toHaveLength(
        round,
      );
      expect(await first.store.apply('7', release(round))).toMatchObject({ taken: true });
    }
  });

  test('a change of one reaches the other', async () => {
    const { first, second } = await two();
    await first.store.apply('7', claim);
    await when<TaskRecord>(
      (listener) => second.store.onChange(listener),
      () => second.store.get('7')?.state === 'assigned',
    );
    expect(second.store.get('7')).toEqual(first.store.get('7'));
    expect(second.names(), 'who changes it tells of it').toEqual([]);
  });

  test('a stale mirror does not let a stale token through', async () => {
    const { first, second } = await two();
    await first.store.apply('7', claimOf('kaede'));
    await second.store.apply('7', {
      type: 'release',
      token: 1,
      reason: 'expired',
      at: '2025-06-01T12:00:00Z',
    });
    await second.store.apply('7', claimOf('sakura'));
    expect(await first.store.apply('7', finish(1, 'done'))).toMatchObject({
      taken: false,
      task: { token: 2, claim: { agent: 'sakura' } },
    });
  });
});

describe('when nats-server is killed', () => {
  test('everything is there again, and changes go on', async () => {
    const server = await startServer();
    const { store, names } = await openStore(server);
    await store.create(sampleInput());
    await store.apply('7', claim);
    await server.crash();
    expect(await store.apply('7', { type: 'accept', token: 1 })).toMatchObject({
      taken: true,
      task: { state: 'working' },
    });
    expect(names()).toEqual(['task.discovered', 'task.claimed', 'task.accepted']);
    const later = await openStore(server);
    expect(later.store.get('7')).toEqual(store.get('7'));
  });

  test('a change that is made meanwhile is made once, when it is back', async () => {
    const server = await startServer();
    const { store, names } = await openStore(server);
    await store.create(sampleInput());
    await server.kill();
    const applied = store.apply('7', claim);
    await server.start();
    expect(await applied).toMatchObject({ taken: true, task: { token: 1 } });
    expect(names()).toEqual(['task.discovered', 'task.claimed']);
  });

  test('the mirror of another store catches up', async () => {
    const server = await startServer();
    const first = await openStore(server);
    const second = await openStore(server);
    await server.crash();
    await first.store.create(sampleInput());
    await first.store.apply('7', claim);
    await when<TaskRecord>(
      (listener) => second.store.onChange(listener),
      () => second.store.get('7')?.state === 'assigned',
    );
    expect(second.store.get('7')).toEqual(first.store.get('7'));
  });
});
