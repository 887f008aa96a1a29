/** What the sample agent does at each stage: make the asked change, look at it, push it, deploy it. */
import { execa } from 'execa';
import type { Bus } from '../bus/bus.ts';
import { query } from '../client/ask.ts';
import { persistently } from '../client/persistently.ts';
import { sendMessage } from '../client/send-message.ts';
import type { Assignment } from '../events/commands.ts';
import { applyEdits } from './apply-edits.ts';
import { parseChangeRequest } from './change-request.ts';

export interface StageEnd {
  outcome: 'done' | 'fail';
  note: string;
}

type Say = (line: string) => Promise<void>;

/** Does one stage in the assignment's worktree; a failure is an outcome, not an error. */
export async function performStage(
  name: string,
  assignment: Assignment,
  bus: Bus,
  say: Say,
): Promise<StageEnd> {
  const git = (...args: string[]) =>
    execa('git', args, { cwd: assignment.worktree, timeout: 60_000, env: { GIT_TERMINAL_PROMPT: '0' } });
  const tell = (role: string, text: string) => writeToRole(name, role, text, bus);
  try {
    switch (assignment.stage) {
      case 'codegen':
        return await codegen(assignment, git, say, tell);
      case 'review':
        return await review(assignment, git, say, tell);
      case 'pr':
        await say(`pushing ${assignment.branch}`);
        await git('push', '--quiet', '--force-with-lease', 'origin', 'HEAD');
        return { outcome: 'done', note: `pushed ${assignment.branch}` };
      case 'deploy':
        return await deploy(assignment, git, say);
      default:
        await say(`nothing to do at stage ${assignment.stage}`);
        return { outcome: 'done', note: 'looked at it' };
    }
  } catch (error) {
    return { outcome: 'fail', note: (error as Error).message.slice(0, 1_000) };
  }
}

type Git = (...args: string[]) => Promise<{ stdout: string }>;
type Tell = (role: string, text: string) => Promise<void>;

async function codegen(assignment: Assignment, git: Git, say: Say, tell: Tell): Promise<StageEnd> {
  const edits = parseChangeRequest(assignment);
  await say(`reading the issue: ${edits.length === 1 ? 'one change' : `${edits.length} changes`}`);
  const files = await applyEdits(assignment.worktree, edits);
  for (const file of files) await say(`wrote ${file}`);
  await git('add', '--all');
  const staged = await git('status', '--porcelain');
  if (staged.stdout === '') return { outcome: 'done', note: 'everything was there already' };
  await git('commit', '--quiet', '-m', `${assignment.title}\n\nTask ${assignment.task}`);
  await tell('review', `task ${assignment.task} is ready for you: ${files.join(', ')}`);
  return { outcome: 'done', note: `committed ${files.join(', ')}` };
}

async function review(assignment: Assignment, git: Git, say: Say, tell: Tell): Promise<StageEnd> {
  const edits = parseChangeRequest(assignment);
  const shown = await git('diff', '--stat', 'origin/HEAD...HEAD');
  await say(shown.stdout.split('\n').at(-1)?.trim() || 'no change against the mainline');
  const left = await applyEdits(assignment.worktree, edits, { dryRun: true });
  if (left.length > 0) {
    await tell('codegen', `task ${assignment.task}: ${left.join(', ')} is not as asked`);
    return { outcome: 'fail', note: `not as asked: ${left.join(', ')}` };
  }
  await tell('codegen', `task ${assignment.task} looks good`);
  return { outcome: 'done', note: 'looks good' };
}

async function deploy(assignment: Assignment, git: Git, say: Say): Promise<StageEnd> {
  // A try that was killed in the middle of its merge leaves it half made; what counts is committed.
  await git('reset', '--quiet', '--hard');
  await git('clean', '--quiet', '--force', '-d');
  await git('fetch', '--quiet', 'origin');
  const mainline = (await git('rev-parse', '--abbrev-ref', 'origin/HEAD')).stdout.replace(/^origin\//u, '');
  await git('merge', '--quiet', '--no-edit', `origin/${mainline}`);
  await say(`merging ${assignment.branch} into ${mainline}`);
  await git('push', '--quiet', 'origin', `HEAD:${mainline}`);
  return { outcome: 'done', note: `${mainline} has it` };
}

/** How long a daemon that is away is asked again, in ms. */
const wait = 600_000;

/** Writes to the first colleague with a role; nobody there is no fault. */
async function writeToRole(from: string, role: string, text: string, bus: Bus): Promise<void> {
  const colleagues = await persistently(() => query(bus, from, 'colleagues', {}), { wait });
  const to = colleagues.find((colleague) => colleague.name !== from && colleague.roles.includes(role));
  if (to) await sendMessage(bus, { to: to.name, from, text });
}
