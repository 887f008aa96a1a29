/** Files that whoever wrote them would have taken away at once, had it lived: drafts, texts on their way, word of ends. */
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isNodeError } from '../processes/node-error.ts';
import type { StateFolder } from '../state-folder/state-folder.ts';
import type { FoundOrphan, Refusal } from './orphan.ts';

/** In ms. They are there for milliseconds; who is stopped or slow may come back within this. */
const youngest = 60 * 60_000;

const draft = /\.draft$/;

/**
 * Those that are older than an hour. Word of ends is left alone while no daemon runs: the next one learns from it what
 * became of its agents.
 */
export async function findLeftOverFiles(state: StateFolder, isDaemonUp: boolean): Promise<FoundOrphan[]> {
  const { root, bin, tmuxRun, nats } = state;
  const places: [folder: string, names: RegExp][] = [
    [root, /\.draft$|^daemon\.(?:json|lock|err)\.\d+$/],
    [bin, draft],
    [tmuxRun, draft],
    [join(tmuxRun, 'pastes'), /./],
    [nats, /^port\.\d+$/],
    [join(nats, 'keys'), /\.\d+$/],
    ...(await agentFolders(root)).map((folder): [string, RegExp] => [
      folder,
      /\.draft$|^task\.(?:md|json)\.[0-9a-f-]{36}$/,
    ]),
  ];
  if (isDaemonUp) places.push([join(tmuxRun, 'exits'), /./]);
  const found = await Promise.all(places.map(([folder, names]) => lookInto(folder, names)));
  return found.flat();
}

async function agentFolders(root: string): Promise<string[]> {
  const agents = join(root, 'agents');
  return (await namesIn(agents)).map((name) => join(agents, name));
}

async function lookInto(folder: string, names: RegExp): Promise<FoundOrphan[]> {
  const files = (await namesIn(folder)).filter((name) => names.test(name)).map((name) => join(folder, name));
  const found = await Promise.all(files.map(judge));
  return found.filter((orphan) => orphan !== undefined);
}

async function judge(file: string): Promise<FoundOrphan | undefined> {
  const stamp = await stampOf(file);
  if (stamp === undefined || Date.now() - stamp.mtimeMs < youngest) return undefined;
  const identity = `file ${file} ${stamp.ino} ${stamp.mtimeMs}`;
  return {
    orphan: { kind: 'file', id: file, why: 'its writer has ended before it was done', remedy: 'removed' },
    identity,
    async clean(): Promise<Refusal | undefined> {
      const now = await stampOf(file);
      if (now === undefined) return undefined;
      if (`file ${file} ${now.ino} ${now.mtimeMs}` !== identity) return { why: 'it is written again' };
      await rm(file, { force: true });
      return undefined;
    },
  };
}

/** Undefined for what is gone, or is no file. */
async function stampOf(file: string): Promise<{ ino: number; mtimeMs: number } | undefined> {
  const stat = await lstat(file).catch(undefinedIfMissing);
  return stat?.isFile() ? stat : undefined;
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(undefinedIfMissing)) ?? [];
}

function undefinedIfMissing(error: unknown): undefined {
  if (!isNodeError(error) || !['ENOENT', 'ENOTDIR'].includes(error.code)) throw error;
}
