import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { processesOf } from './processes-of.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
afterEach(() => project.remove());

/** One agent, one issue. */
async function run(script: string, more: object = {}): Promise<void> {
  project = await OrchestraProject.create({
    agents: { kaede: { roles: ['codegen'], adapter: 'command', command: ['sh', '-c', script], ...more } },
    issues: { '1-one': { title: 'One' } },
    config: { scheduler: { maxAttempts: 2 } },
  });
  await project.up();
}

const over = () =>
  project.fact('the end of task 1', ({ name }) =>
    ['task.completed', 'task.failed', 'task.blocked'].includes(name),
  );

test('exit status 0 is done', async () => {
  await run(
    'echo $ORCHESTRA_TASK $ORCHESTRA_STAGE > out.txt; git add -A; git commit -qm "by $GIT_AUTHOR_NAME"',
  );
  expect((await over()).name).toBe('task.completed');
  const { stdout } = await project.git('log', '--all', '--format=%an: %s', '-1');
  expect(stdout).toBe('kaede: by kaede');
});

test('another exit status is a failed try, told to the next one; the last failure needs a person', async () => {
  await run('cat "$ORCHESTRA_TASK_FILE" >> "$ORCHESTRA_FOLDER/seen.md"; exit 3');
  expect((await over()).name).toBe('task.failed');
  expect(project.factsNamed('task.finished').map(({ body }) => body['summary'])).toEqual([
    'the program ended with status 3',
    'the program ended with status 3',
  ]);
  const seen = await readFile(`${project.state.agent('kaede')}/seen.md`, 'utf8');
  expect(seen.match(/attempt \d/gu)).toEqual(['attempt 1', 'attempt 2']);
  expect(seen).toContain('What the last attempt left for you to know: the program ended with status 3');
  await waitUntil('the label', async () => (await project.readIssue('1-one')).includes('status:failed'));
  // A failed task's worktree stays for the person to look at.
  expect((await project.git('worktree', 'list')).stdout.split('\n')).toHaveLength(2);
});

test('a program that cannot be started puts its agent into quarantine before all tasks are used up', async () => {
  const issues = ['1', '2', '3', '4', '5'].map((id) => [id, { title: `Task ${id}` }]);
  project = await OrchestraProject.create({
    agents: { kaede: { roles: ['codegen'], adapter: 'command', command: ['no-such-program'] } },
    issues: Object.fromEntries(issues),
    config: { restart: { intensity: 3, period: 600 }, scheduler: { maxAttempts: 3 } },
  });
  await project.up();
  const { body } = await project.fact('quarantine', ({ name }) => name === 'agent.quarantined');
  expect(body['reason']).toContain('cannot be started (status 127)');
  expect(project.factsNamed('task.failed')).toHaveLength(1);
});

test('changes that are not committed are not done', async () => {
  await run('echo x > out.txt');
  expect((await over()).body['reason']).toContain('changes are not committed: out.txt');
});

test('a report counts more than the exit status, and `orchestra` is in the PATH of the pane', async () => {
  await run('orchestra task say "thinking about it" && orchestra task block --note "which licence?"; exit 1');
  expect(await over()).toMatchObject({ name: 'task.blocked', body: { reason: 'which licence?' } });
  expect(project.factsNamed('agent.said').map(({ body }) => body['text'])).toEqual(['thinking about it']);
  await project.cli(['task', 'retry', '1']);
  await project.fact('another try', ({ name }) => name === 'task.retried');
});

test('what the program has started ends with its task, setsid or not', async () => {
  await run('setsid sleep 2000 & sleep 2000 & exit 0');
  await over();
  // Its outcome is on record first.
  await waitUntil('what it has started to be gone', async () => {
    const left = await processesOf(project.folder);
    return !left.some(({ command }) => command.endsWith('sleep 2000'));
  });
});

test('the program inherits no TMUX and no secret of the daemon', async () => {
  process.env['SECRET_TOKEN'] = 'sesame';
  await run('env > "$ORCHESTRA_FOLDER/env"', { environment: { WISHED: 'for $(this)' } });
  delete process.env['SECRET_TOKEN'];
  await over();
  const environment = await readFile(`${project.state.agent('kaede')}/env`, 'utf8');
  expect(environment).not.toMatch(/^TMUX|sesame/mu);
  expect(environment).toContain('WISHED=for $(this)');
  expect(environment).toMatch(/^ORCHESTRA_AGENT=kaede$/mu);
});

test('a kept program is fed by paste, accepts and reports; messages reach it too', async () => {
  const script = `while read -r line; do
    printf '%s\\n' "$line" >> "$ORCHESTRA_FOLDER/heard"
    case "$line" in "orchestra: task"*) orchestra task accept; orchestra task done --note "heard it" ;; esac
  done`;
  await run(script, { mode: 'kept', accept: 'report' });
  expect((await over()).name).toBe('task.completed');
  await project.cli(['send', 'kaede', 'two\nlines and "quotes" $(id) #{pane_id}']);
  await project.fact('delivery', ({ name }) => name === 'agent.message.delivered');
  const message = 'message from operator: two ⏎ lines and "quotes" $(id) #{pane_id} (';
  const heard = () => readFile(`${project.state.agent('kaede')}/heard`, 'utf8').catch(() => '');
  await waitUntil('the message', async () => (await heard()).includes(message), heard);
  expect(project.factsNamed('task.finished')[0]?.body['summary']).toBe('heard it');
});

test('a report with the token of an earlier claim is refused', async () => {
  await run(
    'until [ -e "$ORCHESTRA_FOLDER/go" ]; do sleep 0.02; done; ORCHESTRA_TOKEN=0 orchestra task done 2> "$ORCHESTRA_FOLDER/err"; exit 7',
  );
  await project.fact('acceptance', ({ name }) => name === 'task.accepted');
  await project.cli(['task', 'show', '1']);
  await execa('touch', [`${project.state.agent('kaede')}/go`]);
  expect((await over()).name).toBe('task.failed');
  expect(await readFile(`${project.state.agent('kaede')}/err`, 'utf8')).toContain(
    'token 0 is not that of your assignment',
  );
});
