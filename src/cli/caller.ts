/** Who calls the command: a person, or an agent's program inside its pane, which has a key of its own and may do less. */
import type { Command } from 'commander';
import { CliError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';

/** What the environment of an agent's pane says of the agent. */
export interface CallingAgent {
  name: string;
  natsUrl: string;
  /** Path of its nkey seed. */
  key: string;
}

/** Undefined for a person. @throws CliError when a program in a pane has taken its key from its environment. */
export function callingAgent(env: NodeJS.ProcessEnv = process.env): CallingAgent | undefined {
  const { ORCHESTRA_AGENT: name, ORCHESTRA_NATS_URL: natsUrl, ORCHESTRA_NATS_KEY: key } = env;
  if (!name) return undefined;
  if (natsUrl && key) return { name, natsUrl, key };
  throw new CliError(
    `ORCHESTRA_AGENT says ${name}, but ORCHESTRA_NATS_URL and ORCHESTRA_NATS_KEY are not set: keep all three, or unset all.`,
    exitCodes.usage,
  );
}

const whatAgentsHave =
  'An agent has `orchestra task current|accept|say|done|fail|block`, `orchestra agents`, `send` and `inbox`.';

/** Refuses a command, and those below it, to agents before anything is done. The bus would refuse most of them anyway. */
export function forPeople(
  command: Command,
  refusal = `Only people use this, from outside a pane. ${whatAgentsHave}`,
): Command {
  return command.hook('preAction', () => {
    if (process.env['ORCHESTRA_AGENT']) throw new CliError(refusal, exitCodes.usage);
  });
}
