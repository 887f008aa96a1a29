/** The folder where word of ends is left: by hosts as `RUN.STATUS`, by the pane-died hook as the pane's id. */
import { type FSWatcher, watch } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isPaneId } from './pane-id.ts';
import { type ProcessExit, readShellStatus } from './process-exit.ts';

export interface ExitFilesListener {
  /** The program of this run has ended. May be said more than once. */
  ended(runId: string, exit: ProcessExit): void;
  /** Some pane has died. */
  died(): void;
}

export class ExitFiles {
  readonly #folder: string;
  readonly #listener: ExitFilesListener;
  #watcher: FSWatcher | undefined;

  constructor(folder: string, listener: ExitFilesListener) {
    this.#folder = folder;
    this.#listener = listener;
  }

  /**
   * Begins to listen. Where watching is impossible (the limit of inotify watches is reached) or breaks off, word is
   * still found by `read`, which the regular look at the panes calls when one is dead.
   */
  open(): void {
    const unwatched = () => this.close();
    try {
      this.#watcher = watch(this.#folder, (_event, name) => {
        if (name !== null) this.#hear(name);
      }).on('error', unwatched);
    } catch {
      unwatched();
    }
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /** Hears everything that lies in the folder now. */
  async read(): Promise<void> {
    for (const name of await readdir(this.#folder)) this.#hear(name);
  }

  /** The file has been heard and goes; that too is seen by the watcher, and means nothing new. */
  #hear(name: string): void {
    const [, runId, status] = /^([\w-]+)\.(\d+)$/.exec(name) ?? [];
    if (runId !== undefined) this.#listener.ended(runId, readShellStatus(Number(status)));
    else if (isPaneId(name)) this.#listener.died();
    else return;
    void rm(join(this.#folder, name), { force: true });
  }
}
