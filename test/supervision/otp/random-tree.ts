/** Random supervision trees whose children behave at random. */
import fc from 'fast-check';
import type { Fate, Script, SupervisorScript } from '../replay/scenario.ts';
import { sometimes, weighted } from './weighted.ts';

/** What children of static supervisors are called, in start order; never `d1`, which is a dynamic child's name. */
export const ids = ['a', 'b', 'c', 'e', 'f', 'g'] as const;

const firstFate = weighted([20, 'ok'], [2, 'info'], [2, 'dies'], [1, 'ignore'], [1, 'error']);
const laterFate = weighted([3, 'ok'], [1, 'info'], [1, 'dies'], [5, 'error'], [2, 'throw'], [2, 'ignore']);

const fates: fc.Arbitrary<readonly Fate[] | undefined> = sometimes(
  60,
  fc.tuple(firstFate, fc.array(laterFate, { maxLength: 4 })).map(([first, later]) => [first, ...later]),
  undefined,
);

const restart = weighted([3, undefined], [2, 'transient'], [2, 'temporary'], [1, 'permanent']);

/** How a worker is asked to end and what it answers. A worker that hangs is given little time, as that is real. */
const workerEnd = weighted(
  [60, {}],
  [12, { shutdown: 'brutal_kill' }],
  [6, { shutdown: 'infinity' }],
  [3, { shutdown: 5, on_shutdown: 'hang' }],
  [5, { on_shutdown: 'normal' }],
  [7, { on_shutdown: 'oops' }],
  [4, { on_shutdown: 'shutdown:z' }],
  [3, { shutdown: 'infinity', on_shutdown: 'oops' }],
);

const worker: fc.Arbitrary<Script> = fc
  .record({ restart, significant: fc.boolean(), starts: fates, end: workerEnd })
  .map(({ end, ...script }) => ({ ...script, ...end }));

/** A supervisor with workers and, so many levels deep, further supervisors. */
export function supervisor(depth: number, maxLength: number): fc.Arbitrary<SupervisorScript> {
  return fc
    .record({
      strategy: weighted(
        [3, 'one_for_one'],
        [3, 'rest_for_one'],
        [3, 'one_for_all'],
        [depth > 0 ? 1 : 3, 'simple_one_for_one'],
      ),
      intensity: weighted([1, 0], [3, 1], [4, 2], [4, 3], [3, 5]),
      period: fc.integer({ min: 1, max: 6 }),
      auto_shutdown: weighted([4, 'never'], [2, 'any_significant'], [3, 'all_significant']),
      children: fc.array(child(depth), { minLength: 1, maxLength, size: 'max' }),
      isCareless: weighted([40, false], [1, true]),
    })
    .map(({ isCareless, children, ...flags }) => {
      const fitting = isCareless
        ? children
        : children.map((script) => withFittingSignificance(script, flags));
      return { ...flags, children: named(fitting, flags) };
    });
}

/** A child without a name: a worker, or so many levels deep perhaps a supervisor. */
export function child(depth: number): fc.Arbitrary<Script> {
  if (depth === 0) return worker;
  return fc.oneof({ weight: 4, arbitrary: worker }, { weight: 3, arbitrary: innerSupervisor(depth - 1) });
}

function innerSupervisor(depth: number): fc.Arbitrary<Script> {
  return fc.record({
    restart,
    significant: fc.boolean(),
    shutdown: weighted<Script['shutdown']>([6, undefined], [1, 'infinity'], [1, 5000], [2, 'brutal_kill']),
    starts: sometimes(10, weighted([1, ['ok', 'ignore']], [1, ['ignore']]), undefined),
    supervisor: supervisor(depth, 3),
  });
}

type Flags = Omit<SupervisorScript, 'children'>;

/**
 * OTP refuses significant children under `never` and permanent ones anywhere, and with one of them the supervisor. So
 * the first are made insignificant, the others transient.
 */
function withFittingSignificance(script: Script, { auto_shutdown }: Flags): Script {
  if (!script.significant || auto_shutdown === 'never') return { ...script, significant: undefined };
  return { ...script, restart: script.restart === 'temporary' ? 'temporary' : 'transient' };
}

/** Gives static children their names, and a template's fates away: each dynamic child brings its own. */
function named(children: readonly Script[], { strategy }: Flags): Script[] {
  if (strategy !== 'simple_one_for_one')
    return children.map((script, index) => ({ id: ids[index], ...script }));
  return children.slice(0, 1).map((script) => ({ id: 't', ...script, starts: undefined }));
}
