/** How inbox subjects are read: the server enforces the last token as the sender, so it is the sender. */
import { BusError } from './bus-error.ts';

/** Who wrote when the subject names nobody: a person, with the operator's key or a bare `nats pub`. */
export const operator = 'operator';

/** The subjects of an agent's inbox: people write to the first, agents to the second. @throws BusError `bad-subject` */
export function inboxSubjects(agent: string): string[] {
  checkAgentName(agent);
  return [`orchestra.agent.${agent}.inbox`, `orchestra.agent.${agent}.inbox.*`];
}

/** The agent and the sender of `orchestra.agent.<to>.inbox[.<from>]`; undefined for any other subject. */
export function readInboxSubject(subject: string): { to: string; from: string } | undefined {
  const match = /^orchestra\.agent\.([^.]+)\.inbox(?:\.([^.]+))?$/.exec(subject);
  return match?.[1] === undefined ? undefined : { to: match[1], from: match[2] ?? operator };
}

/** A name becomes a token of subjects and the name of a consumer. @throws BusError `bad-subject` */
function checkAgentName(agent: string): void {
  if (!/^[a-z0-9-]{1,32}$/.test(agent))
    throw new BusError('bad-subject', `${JSON.stringify(agent)} is no agent's name`);
}
