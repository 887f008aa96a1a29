/**
 * A control group of Linux (cgroup2; docs.kernel.org/admin-guide/cgroup-v2.html) that holds one agent's processes: a child
 * is born into its parent's group and stays there, whatever becomes of its environment, session and parents. Only a
 * program that writes itself into another group, which it must be allowed to, leaves it. Synchronous, as the kernel
 * answers at once.
 */
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isNodeError } from './node-error.ts';

export class ControlGroup {
  readonly #folder: string | undefined;
  readonly #folders: readonly string[];

  /** @param folder where programs are started from now on; `earlier` those in which some may live on */
  constructor(folder: string | undefined, earlier: readonly string[] = []) {
    this.#folder = folder;
    this.#folders = folder === undefined ? earlier : [folder, ...earlier];
  }

  /** Makes the group if need be. @returns the folder that a program joins; undefined where that is not possible */
  open(): string | undefined {
    const folder = this.#folder;
    if (folder === undefined) return undefined;
    return attempt(() => mkdirSync(folder, { recursive: true })) ? folder : undefined;
  }

  /** Who is in it, also in groups that its programs have made within it; never our own process. */
  pids(): number[] {
    const pids = this.#tree().flatMap((folder) => readLines(join(folder, 'cgroup.procs')).map(Number));
    // A process of another pid namespace shows as 0.
    return pids.filter((pid) => pid > 0 && pid !== process.pid);
  }

  /** Kills all of it by one order, which no fork escapes; nothing where we ourselves are in it. */
  kill(): void {
    for (const folder of this.#folders) {
      if (readLines(join(folder, 'cgroup.procs')).includes(String(process.pid))) continue;
      attempt(() => writeFileSync(join(folder, 'cgroup.kill'), '1'));
    }
  }

  /** Removes what is empty of it. @returns whether nothing is left */
  remove(): boolean {
    for (const folder of this.#tree().reverse()) attempt(() => rmdirSync(folder));
    return this.#tree().length === 0;
  }

  /** Folders above those within them; those that are not there are left out. */
  #tree(): string[] {
    return this.#folders.flatMap(foldersBelow);
  }
}

function foldersBelow(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
    return [folder, ...below.flatMap(foldersBelow)];
  } catch (error) {
    if (isExpected(error)) return [];
    throw error;
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch (error) {
    if (isExpected(error)) return [];
    throw error;
  }
}

function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (isExpected(error)) return false;
    throw error;
  }
}

/** Gone meanwhile, still in use, or not ours to change (any more): the search by marks goes on without it. */
const expected = [
  'ENOENT',
  'ENODEV',
  'EBUSY',
  'ENOTEMPTY',
  'EACCES',
  'EPERM',
  'EROFS',
  'EOPNOTSUPP',
  'EAGAIN',
  'ENOSPC',
];

const isExpected = (error: unknown): boolean => isNodeError(error) && expected.includes(error.code);
