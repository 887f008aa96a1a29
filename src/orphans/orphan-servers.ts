/** Servers and clients on our store and our socket that no daemon holds any more; told by their command lines. */
import { sep } from 'node:path';
import { markVariable } from '../agents/agent-place.ts';
import { storeFolder } from '../nats-server/store-folder.ts';
import { endProcesses } from '../processes/end-processes.ts';
import type { ProcessEntry } from '../processes/process-entry.ts';
import { listProcesses, readCommand, readMarks } from '../processes/process-table.ts';
import { relatedIn } from '../processes/related-processes.ts';
import type { StateFolder } from '../state-folder/state-folder.ts';
import { tmuxConfiguration } from '../tmux/run-directory.ts';
import { type FoundOrphan, kept, type Refusal } from './orphan.ts';

export interface ServerOwners {
  readonly state: StateFolder;
  /** What our agents' marks begin with, up to their names. */
  readonly mark: string;
  /** The daemon that runs on the folder, whose children its servers and clients are; undefined when none does. */
  readonly daemon: number | undefined;
  /** The tmux server in use; undefined while that is being found out, and then none is touched. */
  readonly tmuxServer: number | 'none' | undefined;
}

/** nats-server may be in the middle of a write; tmux sends its windows a SIGHUP. In ms. */
const grace = 5_000;

export async function findOrphanServers(owners: ServerOwners): Promise<FoundOrphan[]> {
  const table = (await listProcesses()).filter(({ defunct }) => !defunct);
  const found: FoundOrphan[] = [];
  for (const entry of table) {
    if (entry.parent === owners.daemon || entry.pid === process.pid) continue;
    const command = await readCommand(entry.pid);
    if (command !== undefined) found.push(...(await judge(entry, command, table, owners)));
  }
  return found;
}

/**
 * nats-servers on our store whose daemon is gone, for a daemon that is about to start its own: a stopped one does not hear
 * that its parent has died, and keeps the store locked. Only the holder of the folder's lock may ask.
 */
export async function findOrphanNatsServers(state: StateFolder): Promise<FoundOrphan[]> {
  const found = await findOrphanServers({ state, mark: '', daemon: process.pid, tmuxServer: undefined });
  return found.filter(({ orphan }) => orphan.kind === 'nats-server');
}

type Program = { program: string; argv: readonly string[] };

async function judge(
  entry: ProcessEntry,
  { program, argv }: Program,
  table: readonly ProcessEntry[],
  { state, mark, tmuxServer }: ServerOwners,
): Promise<FoundOrphan[]> {
  if (hasOption(argv, '-c', storeFolder(state.nats).configFile) && !program.startsWith('tmux'))
    return [ending('nats-server', entry, `it works on ${state.nats}, and its daemon is gone`, [])];
  const isOurTmux =
    hasOption(argv, '-S', state.tmuxSocket) && hasOption(argv, '-f', tmuxConfiguration(state.tmuxRun));
  if (!isOurTmux || tmuxServer === undefined) return [];
  if (program === 'tmux: client')
    return argv.includes('-C')
      ? [ending('tmux-client', entry, 'a control client whose daemon is gone', [])]
      : [];
  if (program !== 'tmux: server' || entry.pid === tmuxServer) return [];
  const why = `a tmux server that was started for ${state.tmuxSocket}, which another one serves`;
  const marks = await readMarks(markVariable, `${mark}.`);
  const windows = table.filter(({ parent }) => parent === entry.pid);
  for (const { pid } of windows) {
    if (marks.has(pid) || (await isOurHelper(pid, state))) continue;
    const advice = `process ${pid} in it is nobody's we know: when it is no longer needed, \`kill ${entry.pid}\``;
    return [kept('tmux-server', String(entry.pid), why, advice)];
  }
  const tree = relatedIn(table, [entry.pid]).filter(({ pid }) => marks.has(pid));
  return [ending('tmux-server', entry, why, tree)];
}

/** Ends the process, and with it those that are given. */
function ending(
  kind: 'nats-server' | 'tmux-client' | 'tmux-server',
  entry: ProcessEntry,
  why: string,
  others: readonly ProcessEntry[],
): FoundOrphan {
  return {
    orphan: { kind, id: String(entry.pid), why, remedy: 'ended' },
    identity: `${kind} ${entry.pid} ${entry.startTime}`,
    async clean(): Promise<Refusal | undefined> {
      const left = await endProcesses([entry, ...others], { graceMs: grace });
      if (left.length === 0) return undefined;
      return { why: `process ${left.map(({ pid }) => pid)} cannot be ended` };
    },
  };
}

/** What holds the overview's terminal, and scripts of ours that the server runs beside its windows. */
async function isOurHelper(pid: number, { tmuxRun }: StateFolder): Promise<boolean> {
  const argv = (await readCommand(pid))?.argv ?? ['cat'];
  return argv.join(' ') === 'cat' || argv.some((word) => word.startsWith(tmuxRun + sep));
}

function hasOption(argv: readonly string[], option: string, value: string): boolean {
  return argv.some((word, index) => word === option && argv[index + 1] === value);
}
