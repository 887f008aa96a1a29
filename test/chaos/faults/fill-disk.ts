/** The disk of the state folder is full for a while: filled to the last byte. */
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { agentNames } from '../ground.ts';
import type { Fault } from '../orchestra.ts';
import { pickAt } from '../random.ts';
import { hasSmallDisk } from '../small-disk.ts';
import { probe } from './messages.ts';

const chunk = Buffer.alloc(1024 ** 2);

export const fillDisk: Fault = async (orchestra, { lasting, pick }) => {
  const { root } = orchestra.ground.state;
  if (!hasSmallDisk(root)) return { skipped: 'a small disk takes root' };
  const filler = join(root, 'filler');
  try {
    await fill(filler);
    await pause(lasting);
  } finally {
    await rm(filler, { force: true });
  }
  const isAnswered = probe(orchestra, pickAt(agentNames, pick));
  return { target: `for ${lasting} ms`, since: Date.now(), isAnswered };
};

/** Smaller pieces when the large ones do not fit any more. */
async function fill(filler: string): Promise<void> {
  const file = await open(filler, 'a');
  try {
    for (let piece = chunk.length; piece >= 1; ) {
      const { bytesWritten } = await file.write(chunk, 0, piece).catch(() => ({ bytesWritten: 0 }));
      if (bytesWritten === 0) piece = Math.floor(piece / 16);
    }
  } finally {
    await file.close();
  }
}
