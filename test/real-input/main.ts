/**
 * Hundreds of real issues through the real daemon, then a look from outside whether all went well: exit 0 when it did, 1
 * with every violation named when not. `--limit N` takes only the first N, `--keep` leaves the project to be looked at.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../src/package/package-root.ts';
import { importIssues } from '../../src/tracker/import-issues.ts';
import { startDaemonProcess } from '../bench/daemon-process.ts';
import { createProject, type Project } from '../bench/project.ts';
import { readStoredFacts } from '../bench/stored-facts.ts';
import { checkFacts } from './check-facts.ts';
import { checkLeftovers } from './check-leftovers.ts';
import { readBlockers } from './read-input.ts';
import { readHistories } from './task-history.ts';
import { throughput } from './throughput.ts';

const input = join(packageRoot, '..', 'shared', 'data', 'real-issues.json');
const flow = ['codegen', 'review', 'pr', 'deploy'];
const agents = { kaede: 'codegen', sakura: 'review', tsubaki: 'pr', botan: 'deploy' };
/** A line of progress after so many completed tasks. */
const progressEvery = 50;

const { values } = parseArgs({
  options: { limit: { type: 'string' }, keep: { type: 'boolean', default: false } },
});
const limit = Number(values.limit ?? Number.POSITIVE_INFINITY);
if (existsSync(input)) process.exitCode = await run();
else process.stdout.write(`real-input: skipped, there is no ${input}\n`);

async function run(): Promise<number> {
  const project = await createProject({
    flow,
    agents: Object.fromEntries(
      Object.entries(agents).map(([name, role]) => [name, { roles: [role], adapter: 'sample', pace: 0 }]),
    ),
  });
  try {
    const violations = await playAndCheck(project);
    for (const violation of violations) print(`VIOLATION ${violation}`);
    print(violations.length === 0 ? 'verdict: faultless' : `verdict: ${violations.length} violations`);
    return violations.length === 0 ? 0 : 1;
  } finally {
    if (values.keep) print(`kept in ${project.root}`);
    else await project.remove();
  }
}

async function playAndCheck(project: Project): Promise<string[]> {
  const imported = await importIssues({
    file: input,
    folder: project.issues,
    reopen: true,
    ...(values.limit && { limit }),
  });
  print(`${imported.imported} issues imported, ${imported.problems.length} cannot be read`);
  const violations = imported.problems.map(({ line, message }) => `${input}:${line} ${message}`);

  const status = await play(project, imported.imported);
  if (status !== 0) violations.push(`the daemon ended with status ${status}`);
  // 1: some tasks are not done. With any other it has not got so far as to tell facts.
  if (status !== 0 && status !== 1) return violations;

  const blockers = await readBlockers(input, limit);
  const histories = readHistories(await readStoredFacts(project.state.nats));
  for (const line of throughput(histories, flow)) print(line);
  violations.push(...checkFacts(histories, blockers, flow));
  violations.push(...(await checkLeftovers(project, [...blockers.keys()])));
  return violations;
}

async function play(project: Project, total: number): Promise<number> {
  let completed = 0;
  const daemon = startDaemonProcess(project, ['--until-idle'], (line) => {
    if (!isCompletion(line)) return;
    completed += 1;
    if (completed % progressEvery === 0)
      print(`${completed} of ${total} after ${process.uptime().toFixed(0)} s`);
  });
  const status = await daemon.ended;
  print(daemon.lastLines());
  return status;
}

/** As `--plain` words it; only progress hangs on it. */
function isCompletion(line: string): boolean {
  return /^\S+ task \S+\s+✔ done:/.test(line);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
