import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { processesOf } from './processes-of.ts';
import { waitUntil } from './wait-until.ts';

const title = `"double" 'single' \`ticks\` $(touch /tmp/orchestra-was-here) #{pane_id} #[fg=red] {{ agent }} {% raw %} ; -x 日本語 🎹`;
const body = `${title}\n\n\u001B]0;owned\u0007\u001B[201~ $HOME \\ \t end\n\n{% include "secrets" %} {{ token | append: "x" }} #(touch /tmp/orchestra-was-here)`;

let project: OrchestraProject;
beforeEach(async () => {
  project = await OrchestraProject.create({
    agents: {
      kaede: {
        roles: ['codegen'],
        adapter: 'command',
        command: [
          'sh',
          '-c',
          'cp "$ORCHESTRA_FOLDER/task.json" "$ORCHESTRA_FOLDER/kept.json"; cp "$ORCHESTRA_TASK_FILE" "$ORCHESTRA_FOLDER/kept.md"; printf "%s" "$1" > "$ORCHESTRA_FOLDER/argument"',
          'sh',
          title,
        ],
      },
      sakura: {
        roles: ['other'],
        adapter: 'command',
        mode: 'kept',
        accept: 'none',
        command: [
          'sh',
          '-c',
          'while read -r line; do printf "%s\\n" "$line" >> "$ORCHESTRA_FOLDER/heard"; done',
        ],
      },
    },
    issues: { '1-hostile': { title, body } },
  });
  await project.up();
});
afterEach(() => project.remove());

test('an issue full of quotes, newlines, escapes, shell, tmux formats and Liquid tags comes through as data', async () => {
  await project.fact('the end', ({ name }) => name === 'task.completed');
  const folder = project.state.agent('kaede');
  const task = JSON.parse(await readFile(`${folder}/kept.json`, 'utf8'));
  expect(task.title).toBe(title);
  expect(task.body.trim()).toBe(body.trim());
  expect(await readFile(`${folder}/kept.md`, 'utf8')).toContain(body.trim());
  expect(await readFile(`${folder}/argument`, 'utf8')).toBe(title);
  await expect(readFile('/tmp/orchestra-was-here')).rejects.toThrow('ENOENT');
  const { stdout } = await project.cli(['tasks']);
  expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

test('a message of the same kind is typed as data and submitted once', async () => {
  await project.cli(['send', 'sakura', title]);
  await project.fact('delivery', ({ name }) => name === 'agent.message.delivered');
  await project.cli(['send', 'sakura', 'end']);
  // Typed is not yet read.
  const heard = () => readFile(`${project.state.agent('sakura')}/heard`, 'utf8').catch(() => '');
  const lines = async () =>
    (await heard()).split('\n').map((line) => line.replace(/ \([0-9a-f-]{36}\)$/u, ''));
  await waitUntil(
    'both messages',
    async () => (await lines()).at(-2) === 'message from operator: end',
    heard,
  );
  expect(await lines()).toEqual([`message from operator: ${title}`, 'message from operator: end', '']);
});

test('a message that is too long is refused clearly, with the limit', async () => {
  const { exitCode, stderr } = await project.cli(['send', 'sakura'], {
    input: 'x'.repeat(1_100_000),
    reject: false,
  });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/1100000 bytes; 262144/u);
  expect(await processesOf(project.folder)).not.toEqual([]);
});

test('a long message is not pasted; the agent is told where to read it, and reads it whole', async () => {
  const long = `${'漢字 '.repeat(1000)}end`;
  await project.cli(['send', 'sakura'], { input: long });
  await project.fact('delivery', ({ name }) => name === 'agent.message.delivered');
  const { stdout } = await project.cli(['inbox', 'sakura', '--json']);
  expect(JSON.parse(stdout).map(({ text }: { text: string }) => text)).toEqual([long]);
});
