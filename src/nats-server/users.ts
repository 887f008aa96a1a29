/** Who may connect: the daemon, the operator and the agents; their names are parts of subjects and of file names. */
import { NatsServerError } from './nats-server-error.ts';

/** The daemon itself, and a person with the `orchestra` or `nats` command. */
export const ownUsers = ['daemon', 'operator'] as const;

/** Senders that no agent may pass for; `conductor` is the name under which the daemon speaks. */
const reservedNames: readonly string[] = [...ownUsers, 'conductor'];

/** @throws NatsServerError `bad-user-name` */
export function checkAgentNames(agents: readonly string[]): void {
  for (const name of agents) {
    if (!/^[a-z0-9-]{1,32}$/.test(name)) {
      throw new NatsServerError(
        'bad-user-name',
        `An agent cannot be named ${JSON.stringify(name)}: use 1 to 32 of a-z, 0-9 and -.`,
      );
    }
    if (reservedNames.includes(name)) {
      throw new NatsServerError(
        'bad-user-name',
        `An agent cannot be named ${name}: that name is the orchestra's own. Choose another.`,
      );
    }
  }
}
