/** The examinations of `orchestra doctor`, each with one finding. */
import { statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ask } from '../../client/ask.ts';
import { readConfig } from '../../config/read-config.ts';
import { locateNatsServer } from '../../nats-server/locate.ts';
import { findProgram } from '../../setup/find-program.mjs';
import { readVersion } from '../../setup/program-version.mjs';
import { isAtLeast } from '../../setup/version.mjs';
import { openLocalTracker } from '../../tracker/local/local-tracker.ts';
import { openWorktrees } from '../../worktrees/open-worktrees.ts';
import { outboxLine } from '../commands/status.ts';
import { counted } from '../counted.ts';
import { runningDaemon, withDaemon } from '../daemon-connection.ts';
import { findState, type GlobalOptions, placeOfConfig } from '../find-state.ts';
import { examineBackup } from './backup.ts';
import { type Finding, finding } from './finding.ts';
import { examineOrphans } from './orphans.ts';

type Examination = (options: GlobalOptions) => Promise<Finding[]>;

/** All findings, in the order in which the things are needed; one that fails does not stop the others. */
export async function examine(
  options: GlobalOptions,
  treatment: { clean?: boolean } = {},
): Promise<Finding[]> {
  const examinations: [string, Examination][] = [
    ['node', examineNode],
    ['tmux', () => examineProgram('tmux', '-V', '3.2')],
    ['git', () => examineProgram('git', '--version', '2.36.0')],
    ['nats-server', examineNatsServer],
    ['config', examineConfig],
    ['disk', examineDisk],
    ['project', examineProject],
    ['daemon', examineDaemon],
    ['backup', examineBackup],
    ['orphans', () => examineOrphans(options, treatment)],
  ];
  const findings: Finding[] = [];
  for (const [what, look] of examinations) {
    try {
      findings.push(...(await look(options)));
    } catch (error) {
      findings.push(finding('problem', what, (error as Error).message));
    }
  }
  return findings;
}

async function examineNode(): Promise<Finding[]> {
  const { version } = process;
  const fits = isAtLeast(version.slice(1), '20.19.0');
  return [finding(fits ? 'ok' : 'problem', 'node', fits ? version : `${version}; 20.19 or newer is needed`)];
}

async function examineProgram(name: string, flag: string, floor: string): Promise<Finding[]> {
  const path = findProgram(name);
  const version = path === undefined ? undefined : await readVersion(path, flag);
  if (path === undefined || version === undefined)
    return [finding('problem', name, `not found; install it, for example: apt-get install ${name}`)];
  const fits = isAtLeast(version, floor);
  return [
    finding(
      fits ? 'ok' : 'problem',
      name,
      `${path}, ${version}${fits ? '' : `; ${floor} or newer is needed`}`,
    ),
  ];
}

async function examineNatsServer(options: GlobalOptions): Promise<Finding[]> {
  const { file } = await placeOfConfig(options);
  const { nats } = await readConfig(file);
  const { path, version } = await locateNatsServer((await findState(options)).root, nats.server);
  return [finding('ok', 'nats-server', `${path}, ${version}`)];
}

async function examineConfig(options: GlobalOptions): Promise<Finding[]> {
  const { file } = await placeOfConfig(options);
  const { agents } = await readConfig(file);
  return [finding('ok', 'config', `${file}, agents ${Object.keys(agents).join(', ')}`)];
}

async function examineDisk(options: GlobalOptions): Promise<Finding[]> {
  const { root } = await findState(options);
  const place = await statfs(root).catch(() => statfs('/'));
  const free = (place.bavail * place.bsize) / 1024 ** 3;
  const verdict = free < 0.5 ? 'problem' : free < 5 ? 'warning' : 'ok';
  return [
    finding(
      verdict,
      'disk',
      `${free.toFixed(1)} GiB free at ${root}${verdict === 'ok' ? '' : '; the store alone may take 4 GiB: make room there, or name a folder on another disk as `state` in the config'}`,
    ),
  ];
}

async function examineProject(options: GlobalOptions): Promise<Finding[]> {
  const { file, project } = await placeOfConfig(options);
  const config = await readConfig(file);
  const state = await findState(options);
  const repository = resolve(project, config.repository);
  await openWorktrees({ repository, directory: state.worktrees });
  const folder = resolve(project, config.tracker.folder);
  const { issues, problems } = await (await openLocalTracker({ folder })).list();
  const unreadable = problems.map(({ file: source, line, column, message }) =>
    finding('warning', 'tracker', `${source}:${line}:${column} ${message}`),
  );
  return [
    finding('ok', 'repository', repository),
    finding('ok', 'tracker', `${folder}, ${counted(issues.length, 'issue')}`),
    ...unreadable,
  ];
}

async function examineDaemon(options: GlobalOptions): Promise<Finding[]> {
  const daemon = await runningDaemon(await findState(options));
  if (!daemon) return [finding('ok', 'daemon', 'not running; `orchestra up` starts it')];
  const view = await withDaemon(options, ({ bus }) => ask(bus, 'status', {}));
  const out = view.agents
    .filter(({ availability }) => availability === 'quarantined')
    .map(({ name }) => name);
  const found = [finding('ok', 'daemon', `pid ${view.pid}, bus ${view.natsUrl}`)];
  if (out.length > 0) {
    const remedy = '`orchestra agents revive` brings one back';
    found.push(finding('warning', 'agents', `in quarantine: ${out.join(', ')}; ${remedy}`));
  }
  const waiting = outboxLine(view.outbox);
  if (waiting !== undefined) found.push(finding('warning', 'outbox', waiting));
  return found;
}
