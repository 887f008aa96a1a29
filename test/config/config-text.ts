/** Config texts for tests: the smallest one that is good, and what is said of a bad one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ConfigError, type ConfigFault, formatFault } from '../../src/config/config-error.ts';
import { parseConfig } from '../../src/config/read-config.ts';

/** One agent, one stage; lines are added after its five. */
export const smallest = `agents:
  kaede:
    roles: [codegen]
    adapter: sample
flow: [codegen]
`;

/** The faults of a text that must have some. */
export function faultsOf(text: string): readonly ConfigFault[] {
  try {
    parseConfig(text, 'orchestra.yaml');
  } catch (error) {
    if (error instanceof ConfigError && error.code === 'invalid') return error.faults;
    throw error;
  }
  throw new Error('the text is good');
}

/** The same as people read them. */
export const saidOf = (text: string): string[] => faultsOf(text).map(formatFault);

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra config-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
