/** What no restart can be faster than: a Node process, a bare nats-server, and one question to the tmux server that is there. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/package/package-root.ts';
import { findNatsServer, natsServerFolder, packageFolders } from '../../src/setup/nats-server.mjs';
import type { Project } from './project.ts';

const run = promisify(execFile);

export interface Floor {
  /** Each in ms. */
  node: number;
  natsServer: number;
  tmux: number;
}

export async function measureFloor({ root, state }: Project): Promise<Floor> {
  return {
    node: await timed(() => run(process.execPath, ['-e', ''])),
    natsServer: await bareNatsServer(join(root, 'floor')),
    tmux: await timed(() => run('tmux', ['-S', state.tmuxSocket, 'list-panes', '-a'])),
  };
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}

/** On an empty store, until it takes a connection. */
async function bareNatsServer(store: string): Promise<number> {
  const stateFolder = join(packageRoot, '.orchestra');
  const alsoIn = [...packageFolders, natsServerFolder(stateFolder)];
  const found = await findNatsServer({ env: process.env, stateFolder, alsoIn });
  if ('problem' in found) throw new Error(found.problem);
  const port = await freePort();
  const begun = performance.now();
  const options = ['--jetstream', '--store_dir', store, '--addr', '127.0.0.1', '--port', String(port)];
  const server = spawn(found.path, options, { stdio: 'ignore' });
  const ended = once(server, 'exit');
  while (!(await takesConnections(port))) await delay(1);
  const took = performance.now() - begun;
  server.kill('SIGTERM');
  await ended;
  await rm(store, { recursive: true, force: true });
  return took;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
