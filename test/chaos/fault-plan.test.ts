import { expect, test } from 'vitest';
import { allFaultKinds, planFaults } from './fault-plan.ts';
import { drawIssues } from './issues.ts';

const options = { kinds: allFaultKinds, count: 2 * allFaultKinds.length, pause: [100, 200] } as const;

test('a seed repeats its plan and its issues, another draws others', () => {
  expect(planFaults({ seed: 1, ...options })).toEqual(planFaults({ seed: 1, ...options }));
  expect(planFaults({ seed: 1, ...options })).not.toEqual(planFaults({ seed: 2, ...options }));
  expect(drawIssues(1, 20)).toEqual(drawIssues(1, 20));
  expect(drawIssues(1, 20)).not.toEqual(drawIssues(2, 20));
});

test('each round has every kind once, after a pause within its limits', () => {
  const plan = planFaults({ seed: 3, ...options });
  const rounds = [plan.slice(0, allFaultKinds.length), plan.slice(allFaultKinds.length)];
  for (const round of rounds) expect(round.map(({ kind }) => kind).sort()).toEqual([...allFaultKinds].sort());
  for (const { after, pick, variant } of plan) {
    expect(after).toBeGreaterThanOrEqual(100);
    expect(after).toBeLessThanOrEqual(200);
    for (const drawn of [pick, variant]) expect(drawn >= 0 && drawn < 1).toBe(true);
  }
});

test('what blocks an issue came before it and is no issue that fails', () => {
  const issues = drawIssues(5, 60);
  const sound = new Set<string>();
  for (const { id, kind, blockedBy } of issues) {
    for (const blocker of blockedBy) expect(sound.has(blocker)).toBe(true);
    if (kind === 'work') sound.add(id);
  }
  expect(new Set(issues.map(({ kind }) => kind))).toEqual(new Set(['work', 'failing', 'poison']));
  expect(issues.some(({ blockedBy }) => blockedBy.length > 0)).toBe(true);
});
