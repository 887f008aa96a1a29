/** The issues of a run, drawn from its seed: how each will go, what blocks it, and the file they are imported from. */
import { type Random, seededRandom } from './random.ts';

/** `work` is done when it is let; `failing` says each time that it failed; `poison` kills whoever works on it. */
export type TaskKind = 'work' | 'failing' | 'poison';

export interface ChaosIssue {
  readonly id: string;
  readonly kind: TaskKind;
  readonly blockedBy: readonly string[];
  /** How long the work takes when nobody disturbs it. */
  readonly steps: number;
  readonly pause: number;
  /** As the import reads it. */
  readonly record: Readonly<Record<string, unknown>>;
}

/** Who works on tasks that fail or kill: programs of ours, which do as they are told. */
const bearers = ['kaede', 'momiji'];

/** Every `one in` of this number of tasks. */
const failingOneIn = 9;
const poisonOneIn = 11;

export function drawIssues(seed: number, count: number): ChaosIssue[] {
  const random = seededRandom(seed ^ 0x155_0e5);
  const issues: ChaosIssue[] = [];
  for (let number = 1; number <= count; number += 1) issues.push(drawIssue(number, issues, random));
  return issues;
}

function drawIssue(number: number, before: readonly ChaosIssue[], random: Random): ChaosIssue {
  const kind = kindOf(number);
  const soundBefore = before.filter((issue) => issue.kind === 'work').slice(-6);
  const isDependent = soundBefore.length > 0 && random.next() < 0.4;
  const blockedBy = isDependent ? [random.pick(soundBefore).id] : [];
  const bearer = random.pick(bearers);
  // Those that end badly are tried again and again.
  const steps = kind === 'work' ? random.between(2, 6) : 1;
  const pause = random.between(1, 5) / 10;
  return {
    id: String(number),
    kind,
    blockedBy,
    steps,
    pause,
    record: {
      number,
      title: `Issue ${number}: $(touch pwned) #{pane_id} {{ kind }}`,
      body: 'Text of an issue is data: `rm -rf .`, %end, \u001b]0;title\u0007 and "quotes".',
      type: 'task',
      priority: random.between(0, 4),
      labels: kind === 'work' ? [] : [`for-${bearer}`],
      createdAt: new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString(),
      blockedBy: blockedBy.map(Number),
    },
  };
}

function kindOf(number: number): TaskKind {
  if (number % failingOneIn === 4) return 'failing';
  return number % poisonOneIn === 7 ? 'poison' : 'work';
}

/** The route by which a task that fails or kills comes to the agent it is for. */
export const routes = bearers.map((agent) => ({ labels: [`for-${agent}`], agents: { codegen: agent } }));
