/** Who an agent's commits are by; said in its environment, so that no config of the user's is touched. */

/** The variables git reads. */
export interface AgentGitEnvironment {
  readonly GIT_AUTHOR_NAME: string;
  readonly GIT_AUTHOR_EMAIL: string;
  readonly GIT_COMMITTER_NAME: string;
  readonly GIT_COMMITTER_EMAIL: string;
}

/** `agent` is a name out of `[a-z0-9-]`. The domain is reserved (RFC 6761), so no commit is linked to a stranger. */
export function agentGitEnvironment(agent: string): AgentGitEnvironment {
  const email = `${agent}@orchestra.localhost`;
  return {
    GIT_AUTHOR_NAME: agent,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: agent,
    GIT_COMMITTER_EMAIL: email,
  };
}
