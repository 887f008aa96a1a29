/** The machine whose events are counted, and what one of them costs. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Actor, assign, createActor, type InspectionEvent, setup } from 'xstate';

type Inspector = (event: InspectionEvent) => void;

const subject = setup({
  types: { context: {} as { count: number; filling: string[] }, input: {} as { kilobytes: number } },
  actions: { count: assign({ count: ({ context }) => context.count + 1 }) },
}).createMachine({
  id: 'subject',
  context: ({ input }) => ({
    count: 0,
    filling: Array.from({ length: input.kilobytes }, () => 'x'.repeat(1_024)),
  }),
  initial: 'here',
  states: {
    here: { on: { stay: { actions: 'count' }, move: { target: 'there', actions: 'count' } } },
    there: { on: { stay: { actions: 'count' }, move: { target: 'here', actions: 'count' } } },
  },
});

export function startSubject(inspect: Inspector | undefined, kilobytes: number): Actor<typeof subject> {
  return createActor(subject, { input: { kilobytes }, ...(inspect && { inspect }) }).start();
}

/** Events at a time, as in a busy moment of an orchestra; between two of them viewers are served. */
const burst = 500;
/** Longer than the interval between two batches, in ms. */
const rest = 60;

/** Processor time of an event, all threads of this process included, in µs. */
export async function costOf(
  actor: Actor<typeof subject>,
  type: 'stay' | 'move',
  isWatched: boolean,
): Promise<number> {
  const bursts = isWatched ? 10 : 40;
  const before = process.cpuUsage();
  for (let index = 0; index < bursts; index += 1) {
    for (let event = 0; event < burst; event += 1) actor.send({ type });
    if (isWatched) await pause(rest);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (burst * bursts);
}
