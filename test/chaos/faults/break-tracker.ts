/** The tracker is of no use for a while: its folder is away, something else is in its place, or a file in it is half written. */
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../orchestra.ts';
import { pickAt } from '../random.ts';

export const breakTracker: Fault = async ({ ground }, { pick, turn, lasting }) => {
  if (turn % 3 < 2) {
    const isReplaced = turn % 3 === 0;
    await takeFolderAway(ground.issues, isReplaced, lasting);
    return { target: `folder ${isReplaced ? 'unreadable' : 'away'} for ${lasting} ms`, since: Date.now() };
  }
  const names = (await readdir(ground.issues)).filter((name) => name.endsWith('.md')).sort();
  const name = pickAt(names, pick);
  await halfWrite(join(ground.issues, name), lasting);
  return { target: `${name} half written for ${lasting} ms`, since: Date.now() };
};

/** Root may read whatever the mode says, so unreadable is a file where the folder was. */
async function takeFolderAway(folder: string, isReplaced: boolean, lasting: number): Promise<void> {
  const away = `${folder}.away`;
  await rename(folder, away);
  if (isReplaced) await writeFile(folder, 'not a folder');
  await pause(lasting);
  if (isReplaced) await rm(folder);
  await rename(away, folder);
}

/** As an editor does that writes in place: cut off within the front matter, and whole a while later, as it was before. */
async function halfWrite(file: string, lasting: number): Promise<void> {
  const whole = await readFile(file, 'utf8');
  await writeFile(file, whole.slice(0, Math.floor(whole.indexOf('\n---') / 2)));
  await pause(lasting);
  await writeFile(file, whole);
}
