/** How agents behave: how long they work, and how it ends. Figures of the model, not measurements. */
import type { Chance } from './chance.ts';

const minute = 60_000;

/** How one try at a stage goes. */
export type Course =
  /** It works until it says how it ended. */
  | 'done'
  | 'fail'
  | 'block'
  /** It dies in the middle. */
  | 'crash'
  /** It falls silent in the middle and stays so. */
  | 'hang'
  /** It waits in the middle for its usage limit to be reset, then goes on. */
  | 'limit';

export interface Plan {
  course: Course;
  /** How long it works until then, in ms. */
  duration: number;
}

/** Mean minutes by stage; those of other names take as long as the first. */
const means: Readonly<Record<string, number>> = { codegen: 30, review: 15, pr: 20, deploy: 15 };

const chances: readonly (readonly [Course, number])[] = [
  ['fail', 0.03],
  ['crash', 0.015],
  ['hang', 0.006],
  ['limit', 0.006],
  ['block', 0.003],
];

export function planOf(chance: Chance, stage: string): Plan {
  const duration = Math.max(5_000, chance.logNormal((means[stage] ?? 30) * minute, 0.8));
  let left = chance.next();
  for (const [course, probability] of chances) {
    if (left < probability) return { course, duration: duration * chance.next() };
    left -= probability;
  }
  return { course: 'done', duration };
}

/** How often a working agent changes a file, in ms. */
export const changeInterval = 7 * minute;

/** The share of stages in which an agent writes to another one. */
export const messageShare = 0.15;
