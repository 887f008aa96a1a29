/** Telling whether a program that still lives was started as today's configuration would start it. */
import { createHash } from 'node:crypto';
import type { AgentConfig } from '../config/agent-config.ts';

export interface ProgramOrigin {
  config: AgentConfig;
  natsUrl: string;
  /** The file of its nkey. */
  key: string;
  /** Of this package; another major may speak with programs in another way. */
  version: string;
}

/**
 * A digest of all that a program was given at its start and cannot change any more. The daemon's own environment is left
 * out: a daemon that is started from another shell is no reason to end an agent. How an agent is called is none either.
 */
export function fingerprintOf({ config, natsUrl, key, version }: ProgramOrigin): string {
  const { roles, environment } = config;
  const program =
    config.adapter === 'command'
      ? { command: config.command, mode: config.mode }
      : { adapter: config.adapter, pace: config.pace };
  const variables = Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1));
  const [major] = version.split('.');
  const origin = { program, roles, variables, natsUrl, key, major };
  return createHash('sha256').update(JSON.stringify(origin)).digest('hex');
}
