/** A world for what looks after the store: real state folder, no tree; and what it tells. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { World } from '../../src/actors/world.ts';
import { parseConfig } from '../../src/config/read-config.ts';
import { createWorld } from '../../src/daemon/create-world.ts';
import { createStateFolder, stateFolder } from '../../src/state-folder/state-folder.ts';
import { smallest } from '../config/config-text.ts';

export async function limitsWorld(): Promise<{ world: World; logged: () => Promise<string> }> {
  const project = await mkdtemp(join(tmpdir(), 'orch-'));
  onTestFinished(() => rm(project, { recursive: true, force: true }));
  const state = stateFolder(project);
  await createStateFolder(state);
  const config = parseConfig(smallest, 'orchestra.yaml');
  const world = createWorld({ configFile: join(project, 'orchestra.yaml'), project, config, state });
  return { world, logged: () => readFile(state.logFile, 'utf8') };
}
