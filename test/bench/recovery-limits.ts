/** What the parts of an orchestra take when nothing supervises them but the notice of their end: started again at once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControlClient } from '../../src/tmux/control-client.ts';
import { Announcements } from './announcements.ts';
import { bareClient } from './recovery-floor.ts';

/** `kill -9` of a bare Node process, until its successor has said a word. In ms, one for each kill. */
export async function restartNode(kills: number): Promise<number[]> {
  const start = async (): Promise<ChildProcess> => {
    const script = "process.stdout.write('up'); setInterval(() => {}, 1e6)";
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    if (child.stdout) await once(child.stdout, 'data');
    return child;
  };
  return restartAgainAndAgain(kills, start);
}

/**
 * `kill -9` of nats-server itself, without lock and supervisor, until `answers`.
 * @param argv the server and its arguments, on the store of an orchestra that has ended
 */
export async function restartNatsServer(
  kills: number,
  argv: readonly [string, ...string[]],
  answers: () => Promise<unknown>,
): Promise<number[]> {
  const [binary, ...args] = argv;
  return restartAgainAndAgain(kills, async () => {
    const child = spawn(binary, args, { stdio: 'ignore' });
    await answers();
    return child;
  });
}

async function restartAgainAndAgain(kills: number, start: () => Promise<ChildProcess>): Promise<number[]> {
  const took: number[] = [];
  let child = await start();
  for (let left = kills; left > 0; left -= 1) {
    const ended = once(child, 'exit');
    const killed = performance.now();
    child.kill('SIGKILL');
    await ended;
    child = await start();
    took.push(performance.now() - killed);
  }
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  return took;
}

/** `kill -9` of a tmux server with one pane, until the program in the pane of the next one has done its first act. */
export async function restartTmux(kills: number): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ob-'));
  const announcements = await Announcements.open(join(folder, 'runs'));
  const open = async (): Promise<ControlClient> => {
    const announced = announcements.next();
    const client = bareClient(folder, announcements.argv);
    await announced;
    return client;
  };
  const took: number[] = [];
  let client = await open();
  for (let left = kills; left > 0; left -= 1) {
    const [[pid = ''] = []] = await client.send([['display-message', '-p', '#{pid}']]);
    const killed = performance.now();
    process.kill(Number(pid), 'SIGKILL');
    await client.closed;
    client = await open();
    took.push(performance.now() - killed);
  }
  client.send([['kill-server']]).catch(() => undefined);
  await client.closed;
  announcements.close();
  await rm(folder, { recursive: true, force: true });
  return took;
}
