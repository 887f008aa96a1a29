/** Task stores and presence boards of several daemons on one real nats-server, with the facts they tell. */
import { onTestFinished } from 'vitest';
import { type Bucket, openBucket } from '../../src/bus/bucket.ts';
import type { TellFact } from '../../src/events/fact-publisher.ts';
import { Presence, PresenceBoard } from '../../src/tasks/agent-presence.ts';
import { TaskRecord } from '../../src/tasks/task-record.ts';
import { TaskStore } from '../../src/tasks/task-store.ts';
import type { RealServer } from '../bus/real-bus.ts';

/** A `tell` that keeps what it is told. */
export function keptFacts() {
  const facts: { name: string; about: string; body: object }[] = [];
  const tell: TellFact = (name, about, body) => facts.push({ name, about, body });
  return { facts, tell, names: () => facts.map(({ name }) => name) };
}

/** A store as one daemon has it: its own connection, mirror and facts. */
export async function openStore(server: RealServer) {
  const bucket: Bucket<TaskRecord> = await openBucket(await server.connect(), 'orch_tasks', {
    schema: TaskRecord,
    history: 1,
  });
  const { tell, ...told } = keptFacts();
  const store = await TaskStore.open(bucket, tell);
  onTestFinished(() => store.close());
  return { store, bucket, ...told };
}

export async function openBoard(server: RealServer, node = 'local') {
  const bucket = await openBucket(await server.connect(), 'orch_agents', { schema: Presence, history: 1 });
  const { tell, ...told } = keptFacts();
  const unstored: unknown[] = [];
  const board = await PresenceBoard.open({
    bucket,
    tell,
    node,
    onUnstored: (_agent, error) => unstored.push(error),
  });
  onTestFinished(() => board.close());
  return { board, bucket, unstored, ...told };
}

/** Resolves when a listener has brought about what is waited for. */
export function when<Value>(
  onChange: (listener: (value: Value) => void) => () => void,
  isReached: () => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isReached()) return;
      stop();
      resolve();
    };
    const stop = onChange(look);
    look();
  });
}
