/** A disk of a test's own: a small tmpfs, which only root may mount. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { isFullDisk, lookAtSpace } from '../../src/disk/space.ts';

/** Why there is none; false where there is one. */
export const noSmallDisk = probe();

function probe(): string | false {
  if (process.platform !== 'linux') return 'tmpfs is Linux';
  if (process.getuid?.() !== 0) return 'only root may mount a tmpfs';
  const folder = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'orchestra-test', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return false;
  } catch {
    return 'this root may not mount a tmpfs';
  } finally {
    execFileSync('rmdir', [folder]);
  }
}

export interface SmallDisk {
  folder: string;
  /** Takes all but `left` bytes of what is free. */
  fill(left?: number): Promise<void>;
  free(): Promise<void>;
}

/** Mounted until the test is over; what lies on it is gone then. */
export async function smallDisk(mebibytes: number): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'orch-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'orchestra-test', folder]);
  onTestFinished(async () => {
    execFileSync('umount', ['--lazy', folder]);
    await rm(folder, { recursive: true, force: true });
  });
  return { folder, fill: (left) => fill(folder, left), free: () => release(folder) };
}

/** Takes all but `left` bytes of what is free on the disk of a folder. */
export async function fill(folder: string, left = 0): Promise<void> {
  const { free } = await lookAtSpace(folder);
  try {
    await writeFile(join(folder, 'ballast'), Buffer.alloc(Math.max(0, free - left)));
  } catch (error) {
    // Others write as well: what is left now is nothing, all the same.
    if (!isFullDisk(error)) throw error;
  }
}

export const release = (folder: string): Promise<void> => rm(join(folder, 'ballast'), { force: true });
