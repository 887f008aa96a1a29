/** Lists that are longer than one answer on the bus may be. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OrchestraProject } from '../daemon/orchestra-project.ts';
import { waitUntil } from '../daemon/wait-until.ts';

const count = 120;
const name = (index: number) => `${index}-issue`;

let project: OrchestraProject;
beforeAll(async () => {
  const issue = (index: number) => ({ title: `${index} ${'題'.repeat(2_500)}`, body: 'x'.repeat(20_000) });
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  project = await OrchestraProject.create({
    agents: { kaede: { roles: ['codegen'], adapter: 'command', command: ['sleep', '3000'] } },
    issues: Object.fromEntries(numbers.map((index) => [name(index), issue(index)])),
  });
  await project.up();
  await waitUntil('all tasks', () => project.factsNamed('task.discovered').length === count);
  // From now on none changes its place.
  await project.fact('one under way', ({ name }) => name === 'task.accepted');
});
afterAll(() => project.remove());

const json = async (...args: string[]) => JSON.parse((await project.cli([...args, '--json'])).stdout);

test('all tasks are listed once, in their order, without their texts', async () => {
  const tasks = await json('tasks');
  expect(tasks.map(({ id }: { id: string }) => Number(id)).sort((a: number, b: number) => a - b)).toEqual(
    Array.from({ length: count }, (_, index) => index + 1),
  );
  expect(JSON.stringify(tasks)).not.toContain('xxxx');
  expect(await json('tasks', '--limit', '100')).toEqual(tasks.slice(0, 100));
  expect(await json('tasks', '--state', 'done')).toEqual([]);
  expect((await json('task', 'show', '120')).issue.body).toContain('xxxx');
});

test('long messages are all shown whole, and the latest come with a limit', async () => {
  const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(240_000));
  for (const input of texts) await project.cli(['send', 'kaede'], { input });
  const textsOf = (messages: { text: string }[]) => messages.map(({ text }) => text);
  expect(textsOf(await json('inbox', 'kaede'))).toEqual(texts);
  expect(textsOf(await json('inbox', 'kaede', '--limit', '3'))).toEqual(texts.slice(1));
});

test('a message that is too long for an answer is cut, and says so', async () => {
  // Control characters take six bytes each in JSON.
  await project.cli(['send', 'kaede'], { input: `${'\u0001'.repeat(240_000)}end` });
  const [{ text }] = await json('inbox', 'kaede', '--limit', '1');
  expect(text).toMatch(/… \(cut here; 240003 characters in all\)$/u);
});

test('of tasks that are over, people see the newest few, and are told of the others', async () => {
  const over = Array.from({ length: 22 }, (_, index) => String(1001 + index));
  for (const id of over) await project.writeIssue(`${id}-over`, { title: 'Over', closed: true });
  await waitUntil('all tasks', () => project.factsNamed('task.discovered').length === count + over.length);
  const idsIn = (listed: string) => [...listed.matchAll(/^#(\d+) .* closed /gm)].map(([, id]) => id);
  const { stdout } = await project.cli(['tasks']);
  expect(idsIn(stdout)).toEqual(over.slice(2));
  expect(stdout).toMatch(/\nand 2 more that are over: --all shows them$/);
  expect(idsIn((await project.cli(['tasks', '--all'])).stdout)).toEqual(over);
  expect(idsIn((await project.cli(['tasks', '--state', 'closed'])).stdout)).toEqual(over);
});
