/** Observes from outside when a program of ours runs: its first act is a file, seen by inotify in this process. */
import { type FSWatcher, watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../src/package/package-root.ts';

export interface Announced {
  readonly pid: number;
  /** performance.now() of this process. */
  readonly at: number;
}

export class Announcements {
  /** Start this to be announced. */
  readonly argv: readonly string[];
  readonly #watcher: FSWatcher;
  readonly #announced = new Map<number, Announced>();
  #hear: (announced: Announced) => void = () => {};

  private constructor(folder: string) {
    this.argv = [join(packageRoot, 'test', 'fixtures', 'bench', 'announce.sh'), folder];
    this.#watcher = watch(folder, (_event, name) => {
      const pid = Number(name);
      if (this.#announced.has(pid)) return;
      const announced = { pid, at: performance.now() };
      this.#announced.set(pid, announced);
      this.#hear(announced);
    });
  }

  /** Listens in a folder, which is made. */
  static async open(folder: string): Promise<Announcements> {
    await mkdir(folder, { recursive: true });
    return new Announcements(folder);
  }

  /** The next program to start from now on. */
  next(): Promise<Announced> {
    return new Promise((resolve) => {
      this.#hear = resolve;
    });
  }

  close(): void {
    this.#watcher.close();
  }
}
