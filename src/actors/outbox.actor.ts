/** Writes to the outside: results become comments and pushes, each recorded before it is made, made once, and shown while it waits. */
import { fromPromise } from 'xstate';
import { type ResourceInput, resourceMachine } from '../../machines/resource.machine.ts';
import { BusError, type BusErrorCode } from '../bus/bus-error.ts';
import { DeliveryLane } from '../outbox/delivery-lane.ts';
import { Outbox } from '../outbox/outbox.ts';
import { type OutgoingWrite, writeKey } from '../outbox/outbox-record.ts';
import type { OutgoingStore } from '../outbox/outgoing-store.ts';
import { ResultRecorder } from '../outbox/result-recorder.ts';
import { PortClosedError } from '../ports/port.ts';
import { WorktreeError } from '../worktrees/worktree-error.ts';
import { writeComment } from './deliver-comment.ts';
import { pushRecorded } from './deliver-push.ts';
import { ToldOnce } from './told-once.ts';
import type { World } from './world.ts';

/**
 * Labels do not pass through here: they are derived from the task's record and compared with what the issue carries before
 * each write, so that a write that was lost is made by the next look, and one that was made is not made again.
 */
export function outboxActor(world: World) {
  const { ports } = world;
  const troubles = new ToldOnce();
  return resourceMachine.provide({
    actors: {
      openResource: fromPromise(async ({ signal }) => {
        const store = await ports.outgoing.whenOpen(signal);
        ports.outbox.fill(open(world, store, troubles));
      }),
      watchResource: fromPromise<void, ResourceInput>(({ signal }) => ports.outbox.get().run(signal)),
      closeResource: fromPromise(async () => ports.outbox.empty()),
    },
  });
}

function open(world: World, store: OutgoingStore, troubles: ToldOnce): Outbox {
  const { ports } = world;
  const { node } = world.config;
  const tellTrouble = (kind: string, reason: string) => {
    if (troubles.isNews(kind, reason)) world.tell('node.outbox.delayed', node, { kind, reason });
  };
  const common = (kind: OutgoingWrite['kind']) => ({
    store,
    mayPass,
    onHeldUp: (reason: string) => tellTrouble(kind, reason),
    onBack: () => troubles.forget(kind),
    onGivenUp: (write: OutgoingWrite, reason: string) =>
      world.tell('task.write.abandoned', write.task, { key: writeKey(write), kind, reason }),
  });
  return new Outbox(store, {
    recorder: new ResultRecorder({
      store,
      tasks: ports.tasks.get(),
      policy: () => ({ comments: world.config.tracker.comments, push: world.config.push }),
      branchOf: (task) => ports.worktrees.get().branch(task),
      mayPass,
      onTrouble: (error) => tellTrouble('record', error instanceof Error ? error.message : String(error)),
    }),
    comments: new DeliveryLane({
      kind: 'comment',
      deliver: (write) => writeComment(world, write),
      ...common('comment'),
    }),
    pushes: new DeliveryLane({
      kind: 'push',
      deliver: (write) => pushRecorded(world, write),
      ...common('push'),
    }),
  });
}

const passing: readonly BusErrorCode[] = ['no-space', 'no-responder', 'no-stream', 'timeout'];

const mayPass = (error: unknown): boolean =>
  error instanceof WorktreeError ||
  error instanceof PortClosedError ||
  (error instanceof BusError && passing.includes(error.code));
