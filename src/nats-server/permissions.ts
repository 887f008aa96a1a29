/** What an agent may say and hear on the bus; the server enforces it, so that no agent can pass for another. */

export interface AgentPermissions {
  publish: string[];
  subscribe: string[];
  /** Whoever receives a question on a subject of its own may answer it, whatever the reply subject is. */
  allowResponses: { max: number; expires: string };
}

/**
 * The subjects of one agent, whose connection must use `_INBOX.<name>` as its inbox prefix. The last token of an inbox
 * subject is the sender: only `<name>` can publish there, which makes it unforgeable.
 */
export function agentPermissions(name: string): AgentPermissions {
  return {
    publish: [
      `orchestra.agent.*.inbox.${name}`,
      `orchestra.agent.${name}.report.>`,
      `orchestra.agent.${name}.query.>`,
    ],
    subscribe: [`_INBOX.${name}.>`, `orchestra.agent.${name}.ask`],
    allowResponses: { max: 5, expires: '1m' },
  };
}
