/** The agents' names in the config file, for where no daemon runs. */
import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { type GlobalOptions, placeOfConfig } from './find-state.ts';

/** Also from a file that has faults elsewhere: somebody may be editing it. @throws Error when there is no such file */
export async function configuredAgents(options: GlobalOptions): Promise<string[]> {
  const { file } = await placeOfConfig(options);
  const config: unknown = parseDocument(await readFile(file, 'utf8'), { logLevel: 'silent' }).toJS();
  const configured = typeof config === 'object' && config && 'agents' in config ? config.agents : undefined;
  return typeof configured === 'object' && configured ? Object.keys(configured) : [];
}
