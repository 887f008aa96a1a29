/** The folder of what was set aside because it could not be read: for people to look into, and bounded. */
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from './world.ts';

/** What it may hold, in bytes. */
const mostBytes = 256 * 1024 ** 2;

/** The folder, made if it is not there. */
export async function setAsideFolder({ state }: World): Promise<string> {
  await mkdir(state.setAside, { recursive: true, mode: 0o700 });
  return state.setAside;
}

/** Removes the oldest files that are too many, and says so in the log; the newest stays whatever its size. */
export async function boundSetAside(world: World, most = mostBytes): Promise<void> {
  const folder = await setAsideFolder(world);
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const { size, ctimeMs } = await stat(join(folder, name));
      return { name, size, age: ctimeMs };
    }),
  );
  const [newest, ...older] = files.sort((a, b) => b.age - a.age);
  let bytes = newest?.size ?? 0;
  for (const { name, size } of older) {
    bytes += size;
    if (bytes <= most) continue;
    await rm(join(folder, name), { force: true });
    world.log.warn({ file: name, bytes: size }, 'set-aside.removed');
  }
}
