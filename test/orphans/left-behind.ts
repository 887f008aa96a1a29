/** A state folder with what daemons and agents that are gone have left, as real processes and files. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { markPrefix, markVariable } from '../../src/agents/agent-place.ts';
import { type Belonging, owned, ownerless } from '../../src/orphans/belonging.ts';
import type { FoundOrphan, Orphan } from '../../src/orphans/orphan.ts';
import { readCommand } from '../../src/processes/process-table.ts';
import { createStateFolder, type StateFolder, stateFolder } from '../../src/state-folder/state-folder.ts';
import { until } from '../tmux/until.ts';

export async function newStateFolder(): Promise<StateFolder> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'oo-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  const state = stateFolder(join(folder, 's'));
  await createStateFolder(state);
  return state;
}

/** Only these agents are there. */
export const only =
  (...agents: string[]) =>
  (agent: string): Belonging =>
    agents.includes(agent) ? owned : ownerless(`there is no agent ${agent}`);

/** A process that carries the mark of an agent of the state folder; it says when it is there. */
export async function leaveProcess(state: StateFolder, agent: string, script = 'echo; exec sleep 1000') {
  const mark = `${markPrefix(state.root)}.${agent}`;
  return startProcess(script, { [markVariable]: mark });
}

export async function startProcess(
  script: string,
  environment: Record<string, string> = {},
): Promise<ChildProcess & { pid: number }> {
  const child = spawn('/bin/sh', ['-c', script], {
    detached: true,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const { pid } = child;
  if (pid === undefined) throw new Error('it was not started');
  if (script.includes('exec sleep')) await untilSleeping(pid);
  return Object.assign(child, { pid });
}

/** A process is `sleep`, whole: between fork and exec it shows its parent's command, in the middle of execve(2) no environment. */
export async function untilSleeping(pid: number): Promise<void> {
  await until(async () => (await readCommand(pid))?.program === 'sleep' && hasEnvironment(pid));
}

const hasEnvironment = async (pid: number) => (await readFile(`/proc/${pid}/environ`)).length > 0;

export const orphansIn = (found: readonly FoundOrphan[]): Orphan[] => found.map(({ orphan }) => orphan);

/** Cleans all of them. @returns what was refused */
export async function cleanAll(found: readonly FoundOrphan[]) {
  const refusals = [];
  for (const { clean } of found) refusals.push(await clean?.());
  return refusals.filter((refusal) => refusal !== undefined);
}
