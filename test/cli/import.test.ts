/** `orchestra import` as a person types it: what is good comes in, and what is not is said once and exactly. */
import { readdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OrchestraProject } from '../daemon/orchestra-project.ts';

let project: OrchestraProject;
beforeAll(async () => {
  project = await OrchestraProject.create({
    agents: { kaede: { roles: ['codegen'], adapter: 'command', command: ['true'] } },
  });
});
afterAll(() => project.remove());

const good = '{"number": 5, "title": "Good"}';
async function imported(name: string, text: string, to: string) {
  await writeFile(project.path(name), text);
  return project.cli(['import', project.path(name), '--to', project.path(to)], { reject: false });
}

test.each(['issues.json', 'issues.jsonl', 'issues.txt'])(
  '%s with one issue a line: a broken line takes no other with it',
  async (name) => {
    const { stdout, stderr, exitCode } = await imported(name, `\n${good}\n{"number": 6,\n`, `to-${name}`);
    expect(stdout).toMatch(/^1 imported into /u);
    expect(stderr).toMatch(/:3:\d+ is not JSON: .*\n1 fault in the file; the rest is in\.$/u);
    expect(exitCode).toBe(1);
    expect(await readdir(project.path(`to-${name}`))).toEqual(['0005-good.md']);
  },
);

test('what a message quotes of the file does not act on the terminal', async () => {
  const { stderr } = await imported('hostile.jsonl', '{"title": \u009b31m\u202e}', 'hostile');
  expect(stderr).toContain('is not JSON');
  expect(stderr).not.toMatch(/[\u0080-\u009f\p{Bidi_Control}]/u);
});

test('where nothing came in, nothing is said to be in', async () => {
  const { stderr } = await imported('bad.json', '[{"number": "x", "title": ""}]', 'none');
  expect(stderr).toMatch(/2 faults in the file; nothing was imported\.$/u);
});

test.each(['nowhere.json', '.'])('a file that cannot be read (%s) is one sentence, exit 66', async (name) => {
  const { stderr, exitCode } = await project.cli(['import', name], { reject: false });
  expect(exitCode).toBe(66);
  expect(stderr).toMatch(/^cannot read .*$/u);
});

test('ORCHESTRA_CONFIG says which tracker is meant', async () => {
  await writeFile(
    project.path('other.yaml'),
    'agents: {kaede: {roles: [codegen], adapter: sample}}\nflow: [codegen]\ntracker: {kind: local, folder: others}\n',
  );
  await writeFile(project.path('good.jsonl'), good);
  await project.cli(['import', 'good.jsonl'], { env: { ORCHESTRA_CONFIG: project.path('other.yaml') } });
  expect(await readdir(project.path('others'))).toEqual(['0005-good.md']);
});
