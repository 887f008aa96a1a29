/** The program that an agent's pre-push hook asks: exit status 0 lets the push begin, anything else ends it with a line on why. */
import { plainText } from '../terminal/plain-text.ts';
import { type AgentAccess, askHolder, isUnanswered } from './ask-holder.ts';
import { meantTask } from './meant-task.ts';

/** How long a daemon that does not answer is waited for, in ms: longer than a restart takes. */
const patience = 60_000;

process.exitCode = await mayPush().catch((error: unknown) => refuse(whyUnanswered(error)));

async function mayPush(): Promise<number> {
  const { env } = process;
  const access = accessIn(env);
  if (!access) return refuse('ORCHESTRA_AGENT, ORCHESTRA_NATS_URL or ORCHESTRA_NATS_KEY is not set.');
  const worktrees = process.argv[2] ?? '';
  const question = await meantTask({ env, directory: process.cwd(), worktrees });
  const { holds, reason = 'it is not yours' } = await askHolder(access, question, patience);
  return holds ? 0 : refuse(`${reason}.`);
}

function refuse(why: string): number {
  process.stderr.write(`orchestra: not pushed: ${plainText(why)}\n`);
  return 1;
}

function accessIn(env: NodeJS.ProcessEnv): AgentAccess | undefined {
  const { ORCHESTRA_AGENT: agent, ORCHESTRA_NATS_URL: natsUrl, ORCHESTRA_NATS_KEY: key } = env;
  return agent && natsUrl && key ? { agent, natsUrl, key } : undefined;
}

function whyUnanswered(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return isUnanswered(error)
    ? `the orchestra did not say within ${patience / 1_000} s whether the task is still yours (${said}). Push again later.`
    : said;
}
