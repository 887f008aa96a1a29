/** Whom an agent's push is asked of and for what: which task is meant, how long nobody is waited for, what is answered. */
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { connectBus } from '../../src/bus/connect-bus.ts';
import { querySubject } from '../../src/events/commands.ts';
import { askHolder } from '../../src/fencing/ask-holder.ts';
import { meantTask } from '../../src/fencing/meant-task.ts';
import { launch, temporaryFolder } from '../nats-server/launched-server.ts';

/** An agent's folder, in which it was told of task 7. */
async function places() {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'orchestra-fencing-')));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const folder = join(root, 'agents', 'kaede');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'task.json'), JSON.stringify({ task: '7', token: 3, title: 'Seven' }));
  return { root, worktrees: join(root, 'worktrees'), kept: { ORCHESTRA_FOLDER: folder } };
}

test('a program for one task is told by its environment, a kept one by its file; the worktree has the last word', async () => {
  const { root, worktrees, kept } = await places();
  const started = { ...kept, ORCHESTRA_TASK: '8', ORCHESTRA_TOKEN: '5' };
  const at = (env: NodeJS.ProcessEnv, directory: string) => meantTask({ env, directory, worktrees });
  expect(await at(kept, join(worktrees, '7'))).toEqual({ task: '7', token: 3 });
  expect(await at(kept, join(worktrees, '7', 'deep', 'below'))).toEqual({ task: '7', token: 3 });
  expect(await at(started, join(worktrees, '8'))).toEqual({ task: '8', token: 5 });
  // In the worktree of another task there is no claim to show.
  expect(await at(started, join(worktrees, '7'))).toEqual({ task: '7' });
  expect(await at(kept, join(worktrees, '9'))).toEqual({ task: '9' });
  // Anywhere else it is the task that was told of.
  expect(await at(kept, root)).toEqual({ task: '7', token: 3 });
  expect(await at(started, '/')).toEqual({ task: '8', token: 5 });
  expect(await at({}, worktrees)).toEqual({});
  expect(await at({ ORCHESTRA_FOLDER: join(root, 'nowhere') }, root)).toEqual({});
});

test('asked with the agent’s own key; nobody there is waited for, and then said', async () => {
  const folder = await temporaryFolder();
  const server = await launch(folder);
  const { url, port } = server;
  const access = { agent: 'kaede', natsUrl: url, key: server.seedFile('kaede') };
  const question = { task: '7', token: 3 };
  await expect(askHolder(access, question, 600)).rejects.toMatchObject({ code: 'no-responder' });

  const asking = askHolder(access, question, 30_000);
  const seed = (await readFile(server.seedFile('daemon'), 'utf8')).trim();
  const daemon = await connectBus({ url, seed, name: 'daemon' });
  onTestFinished(() => daemon.close(500));
  daemon.serve(querySubject('kaede', 'holds'), (body) => ({ holds: false, reason: JSON.stringify(body) }));
  expect(await asking).toEqual({ holds: false, reason: '{"task":"7","token":3}' });
  // It cannot ask in another agent's name.
  await expect(askHolder({ ...access, agent: 'sakura' }, question, 0)).rejects.toThrow();

  process.kill(server.pid, 'SIGKILL');
  await server.exited;
  const afterCrash = askHolder(access, question, 30_000);
  await launch(folder, { port });
  expect(await afterCrash).toMatchObject({ holds: false });
});
