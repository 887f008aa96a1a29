/** A short run of the chaos suite with a seed that does not change: some faults of each sort, every invariant. */
import { expect, test } from 'vitest';
import { type FaultKind, planFaults } from './fault-plan.ts';
import { prepareGround } from './ground.ts';
import { drawIssues } from './issues.ts';
import { run } from './run.ts';

const seed = 4;
const kinds: FaultKind[] = ['kill-agent', 'kill-nats', 'kill-all', 'bad-messages'];

test('an orchestra that is killed in its parts and as a whole loses nothing', {
  timeout: 600_000,
}, async () => {
  const ground = await prepareGround(drawIssues(seed, 5), { smallDisk: false });
  try {
    const plan = planFaults({ seed, kinds, count: kinds.length, pause: [200, 800] });
    const lines: string[] = [];
    const { struck, skipped, violations } = await run(ground, plan, {
      print: (line) => lines.push(line),
    });
    expect(violations, lines.join('\n')).toEqual([]);
    expect(struck.length + skipped.length).toBe(kinds.length);
    expect(struck.map(({ kind }) => kind)).toContain('kill-all');
  } finally {
    await ground.remove();
  }
});
