/** Orphans as `orchestra doctor` shows and cleans them: asked of the daemon, or found by itself where none runs. */
import { ask } from '../../client/ask.ts';
import type { Orphan } from '../../orphans/orphan.ts';
import { folderHolder, lockFolder } from '../../state-folder/folder-lock.ts';
import { createStateFolder, type StateFolder } from '../../state-folder/state-folder.ts';
import { runningDaemon, withDaemon } from '../daemon-connection.ts';
import { findState, type GlobalOptions } from '../find-state.ts';
import { type Finding, finding } from './finding.ts';
import { openLeftovers } from './leftovers.ts';

/** How long the daemon may take to look, and to clean, in ms. */
const lookTimeout = 20_000;
const cleanTimeout = 60_000;

/** How far apart two looks are, in ms. */
const gapMs = 2_000;

/** More of one kind are counted for people; programs get all. */
const mostShown = 20;

export async function examineOrphans(
  options: GlobalOptions,
  { clean = false }: { clean?: boolean },
): Promise<Finding[]> {
  const state = await findState(options);
  if (await runningDaemon(state)) return askDaemon(options, clean);
  const holder = await folderHolder(state.lockFile);
  if (holder !== undefined)
    return [
      finding('ok', 'orphans', `the daemon (pid ${holder}) is starting or ending: ask again in a moment`),
    ];
  return clean ? locked(state, () => lookAround(options, state, clean)) : lookAround(options, state, clean);
}

async function lookAround(options: GlobalOptions, state: StateFolder, clean: boolean): Promise<Finding[]> {
  const { sweep, controlGroup, notes, problems, close } = await openLeftovers(options, state, gapMs);
  try {
    const { cleaned, left } = clean
      ? await sweep.clean(AbortSignal.timeout(cleanTimeout))
      : { cleaned: [], left: await sweep.look() };
    const undecided = [
      ...notes.map((note) => finding('ok', 'orphans', note)),
      ...problems.map((problem) => finding('problem', 'orphans', problem)),
    ];
    const decided = shown(left, cleaned);
    return [
      groupFinding(controlGroup),
      ...undecided,
      ...(undecided.length > 0 ? decided : noneIfEmpty(decided)),
    ];
  } finally {
    close();
  }
}

async function askDaemon(options: GlobalOptions, clean: boolean): Promise<Finding[]> {
  const { orphans, cleaned, controlGroup } = await withDaemon(options, ({ bus }) =>
    ask(bus, 'orphans', { clean }, clean ? cleanTimeout : lookTimeout),
  );
  return [groupFinding(controlGroup), ...noneIfEmpty(shown(orphans, cleaned))];
}

/** No daemon is started in the middle of it. @throws FolderLockedError when one is just starting */
async function locked<T>(state: StateFolder, act: () => Promise<T>): Promise<T> {
  await createStateFolder(state);
  const unlock = await lockFolder(state.root, state.lockFile);
  try {
    return await act();
  } finally {
    await unlock();
  }
}

function groupFinding({
  folder,
  reason,
}: {
  folder?: string | undefined;
  reason?: string | undefined;
}): Finding {
  const how =
    folder === undefined
      ? `no control groups: ${reason}; what a program starts is found by mark, session and parentage, which a process without all three escapes`
      : `each agent's processes are held in a control group below ${folder}`;
  return finding('ok', 'processes', how);
}

function shown(orphans: readonly Orphan[], cleaned: readonly Orphan[]): Finding[] {
  return [
    ...cleaned.map((orphan) => ({ ...finding('ok', 'cleaned', cleanedText(orphan)), orphan })),
    ...orphans.map((orphan) => ({ ...finding('warning', 'orphan', text(orphan)), orphan })),
  ];
}

/** Not to be said where something could not be judged. */
const noneIfEmpty = (found: Finding[]): Finding[] =>
  found.length === 0 ? [finding('ok', 'orphans', 'none')] : found;

const cleanedText = ({ kind, id, why, remedy }: Orphan): string => `${kind} ${id} ${remedy}: ${why}`;

function text({ kind, id, why, remedy, advice }: Orphan): string {
  const what =
    remedy === 'kept'
      ? `kept${advice === undefined ? '' : `: ${advice}`}`
      : `to be ${remedy}; \`orchestra doctor --clean\` does it`;
  return `${kind} ${id}: ${why}; ${what}`;
}

/** For people: of many alike, some and their number. */
export function abridged(findings: readonly Finding[]): Finding[] {
  const counts = new Map<string, number>();
  const kept = findings.filter(({ orphan }) => {
    if (orphan === undefined) return true;
    const count = (counts.get(orphan.kind) ?? 0) + 1;
    counts.set(orphan.kind, count);
    return count <= mostShown;
  });
  const rest = [...counts].filter(([, count]) => count > mostShown);
  return [
    ...kept,
    ...rest.map(([kind, count]) =>
      finding('warning', 'orphan', `… and ${count - mostShown} more of kind ${kind}; --json lists all`),
    ),
  ];
}
