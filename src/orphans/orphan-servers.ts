/** Servers and clients on our store and our socket that no daemon holds any more; told by their command lines. */
import { sep } from 'node:path';
import { markVariable } from '../agents/agent-place.ts';
import { storeFolder } from '../nats-server/store-folder.ts';
import { endProcesses } from '../processes/end-processes.ts';
import type { ProcessEntry } from '../processes/process-entry.ts';
import { listProcesses, readCommand, readMarks } from '../processes/process-table.ts';
import { relatedIn } from '../processes/related-processes.ts';
import type { StateFolder } from '../state-folder/state-folder.ts';
import { overviewHolder } from '../tmux/overview-window.ts';
import { tmuxConfiguration } from '../tmux/run-directory.ts';
import { type FoundOrphan, kept, type Refusal } from './orphan.ts';

export interface ServerOwners {
  readonly state: StateFolder;
  /** What our agents' marks begin with, up to their names. */
  readonly mark: string;
  /** The daemon that runs on the folder, whose children its servers and clients are; undefined when none does. */
  readonly daemon: number | undefined;
  /** The tmux server in use; undefined while that is being found out, and then none is touched. */
  tmuxServer(): number | 'none' | undefined;
}

/** nats-server may be in the middle of a write; tmux sends its windows a SIGHUP. In ms. */
const grace = 5_000;

export async function findOrphanServers(owners: ServerOwners): Promise<FoundOrphan[]> {
  const table = await livingProcesses();
  const found: FoundOrphan[] = [];
  for (const entry of table) {
    const verdict = await judge(entry, table, owners);
    if (verdict !== undefined) found.push(asOrphan(entry, verdict, owners));
  }
  return found;
}

/**
 * nats-servers on our store whose daemon is gone, for a daemon that is about to start its own: a stopped one does not hear
 * that its parent has died, and keeps the store locked. Only the holder of the folder's lock may ask.
 */
export async function findOrphanNatsServers(state: StateFolder): Promise<FoundOrphan[]> {
  const found = await findOrphanServers({
    state,
    mark: '',
    daemon: process.pid,
    tmuxServer: () => undefined,
  });
  return found.filter(({ orphan }) => orphan.kind === 'nats-server');
}

interface Verdict {
  kind: 'nats-server' | 'tmux-client' | 'tmux-server';
  why: string;
  /** What a person can do about it: then it is theirs to decide. */
  advice?: string;
  /** What goes with it. */
  others?: readonly ProcessEntry[];
}

/** Undefined for what has an owner, or is none of ours. */
async function judge(
  entry: ProcessEntry,
  table: readonly ProcessEntry[],
  { state, mark, daemon, tmuxServer }: ServerOwners,
): Promise<Verdict | undefined> {
  const command = await readCommand(entry.pid);
  if (command === undefined || entry.parent === daemon || entry.pid === process.pid) return undefined;
  const { program, argv } = command;
  if (program.startsWith('nats-server') && hasOption(argv, '-c', storeFolder(state.nats).configFile))
    return { kind: 'nats-server', why: `it works on ${state.nats}, and its daemon is gone` };
  const isOurTmux =
    hasOption(argv, '-S', state.tmuxSocket) && hasOption(argv, '-f', tmuxConfiguration(state.tmuxRun));
  const inUse = tmuxServer();
  if (!isOurTmux || inUse === undefined) return undefined;
  if (program === 'tmux: client' && argv.includes('-C'))
    return { kind: 'tmux-client', why: 'a control client whose daemon is gone' };
  if (program !== 'tmux: server' || entry.pid === inUse) return undefined;
  // What a server has forked looks like it until it becomes a window's program or a hook's shell.
  if ((await readCommand(entry.parent))?.program === program) return undefined;
  const why = `a tmux server that was started for ${state.tmuxSocket}, which another one serves`;
  const marks = await readMarks(markVariable, `${mark}.`);
  const windows = table.filter(({ parent }) => parent === entry.pid);
  for (const { pid } of windows) {
    if (marks.has(pid) || (await isOurHelper(pid, state))) continue;
    const advice = `process ${pid} in it is nobody's we know: when it is no longer needed, \`kill ${entry.pid}\``;
    return { kind: 'tmux-server', why, advice };
  }
  return {
    kind: 'tmux-server',
    why,
    others: relatedIn(table, [entry.pid]).filter(({ pid }) => marks.has(pid)),
  };
}

function asOrphan(entry: ProcessEntry, { kind, why, advice }: Verdict, owners: ServerOwners): FoundOrphan {
  const { pid, startTime } = entry;
  if (advice !== undefined) return kept(kind, String(pid), why, advice);
  return {
    orphan: { kind, id: String(pid), why, remedy: 'ended' },
    identity: `${kind} ${pid} ${startTime}`,
    async clean(): Promise<Refusal | undefined> {
      const table = await livingProcesses();
      const now = table.find((other) => other.pid === pid && other.startTime === startTime);
      if (now === undefined) return undefined;
      const verdict = await judge(now, table, owners);
      if (verdict === undefined) return { why: 'it has an owner again' };
      if (verdict.advice !== undefined) return { why: 'somebody uses it', advice: verdict.advice };
      const left = await endProcesses([now, ...(verdict.others ?? [])], { graceMs: grace });
      if (left.length === 0) return undefined;
      return { why: `process ${left.map((other) => other.pid)} cannot be ended` };
    },
  };
}

async function livingProcesses(): Promise<ProcessEntry[]> {
  return (await listProcesses()).filter(({ defunct }) => !defunct);
}

/** What holds the overview's terminal, and scripts of ours that the server runs beside its windows. */
async function isOurHelper(pid: number, { tmuxRun }: StateFolder): Promise<boolean> {
  const argv = (await readCommand(pid))?.argv ?? ['cat'];
  const line = argv.join(' ');
  // Until it has become `cat`, the holder is the shell that it begins as.
  const isHolder = line === 'cat' || line === overviewHolder.join(' ');
  return isHolder || argv.some((word) => word.startsWith(tmuxRun + sep));
}

function hasOption(argv: readonly string[], option: string, value: string): boolean {
  return argv.some((word, index) => word === option && argv[index + 1] === value);
}
