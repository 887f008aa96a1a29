/** The real issues as the checks need them: which there are, and who blocks whom; read apart from the product's import. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const Records = z.array(z.object({ number: z.int(), title: z.string(), blockedBy: z.array(z.int()) }));

/** Task ids with the ids of their blockers, as many as were imported; blockers that were not are left out. */
export async function readBlockers(file: string, limit: number): Promise<Map<string, string[]>> {
  const taken = Records.parse(JSON.parse(await readFile(file, 'utf8'))).slice(0, limit);
  const ids = new Set(taken.map(({ number }) => number));
  return new Map(
    taken.map(({ number, blockedBy }) => [String(number), blockedBy.filter((id) => ids.has(id)).map(String)]),
  );
}
