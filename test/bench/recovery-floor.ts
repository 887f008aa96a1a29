/** What tmux itself allows: one control client, no supervisor, no host; and watchdogs that poll over the same client. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ControlClient } from '../../src/tmux/control-client.ts';
import type { Announced, Announcements } from './announcements.ts';
import { killAgainAndAgain, type Recovery } from './recovery-samples.ts';

/** Between a start and the next kill, in ms. */
const calm = 100;

/** A control client of a tmux server of its own, with the socket in `folder`; `program` runs in its first pane. */
export function bareClient(folder: string, program: readonly string[]): ControlClient {
  const session = ['new-session', '-s', 'bench', '--', ...program];
  return new ControlClient({
    binary: 'tmux',
    argv: ['-C', '-S', join(folder, 's'), '-f', '/dev/null', ...session],
    environment: { PATH: process.env['PATH'] },
    cwd: folder,
    patienceMs: 15_000,
  });
}

/** A tmux server of its own in `folder`; ended by `close`. */
export class BareTmux {
  readonly #client: ControlClient;
  readonly #announcements: Announcements;
  #onClosedWindow: () => void = () => {};

  constructor(folder: string, announcements: Announcements) {
    this.#announcements = announcements;
    this.#client = bareClient(folder, ['sleep', '86400']);
    this.#client.onNotification((line) => {
      if (/^%(?:unlinked-)?window-close/.test(line)) this.#onClosedWindow();
    });
  }

  /** A program dies with its window; the notification makes us give a standing pane to its successor. */
  async closingWindow(count: number): Promise<Recovery[]> {
    const standing = await this.#newWindow(['sleep', '86400']);
    this.#onClosedWindow = () => void this.#respawn(standing);
    const recoveries = await killAgainAndAgain(this.#announcements, count, async () => {
      const victim = await this.#start(() => this.#newWindow(this.#announcements.argv));
      await delay(calm);
      return victim;
    });
    this.#onClosedWindow = () => {};
    return recoveries;
  }

  /** A program dies in a pane that remains; a look at all panes every `interval` ms finds it dead. */
  async poll(interval: number, count: number): Promise<Recovery[]> {
    await this.#client.send([['set-option', '-g', 'remain-on-exit', 'on']]);
    let pane = '';
    const first = await this.#start(async () => {
      pane = await this.#newWindow(this.#announcements.argv);
    });
    const over = new AbortController();
    const polling = this.#pollUntil(over.signal, interval, pane);
    const recoveries = await killAgainAndAgain(
      this.#announcements,
      count,
      async (successor = first, index) => {
        // Successors come right after a poll, so the kills meet phases that are spread evenly over the interval.
        await delay(calm + interval * ((index + 0.5) / count));
        return successor;
      },
    );
    over.abort();
    await polling;
    return recoveries;
  }

  async close(): Promise<void> {
    this.#client.send([['kill-server']]).catch(() => undefined);
    await this.#client.closed;
  }

  async #pollUntil(signal: AbortSignal, interval: number, pane: string): Promise<void> {
    while (!signal.aborted) {
      const [lines = []] = await this.#client.send([['list-panes', '-a', '-F', '#{pane_id} #{pane_dead}']]);
      if (lines.includes(`${pane} 1`)) await this.#respawn(pane);
      await delay(interval, undefined, { signal }).catch(() => undefined);
    }
  }

  async #respawn(pane: string): Promise<void> {
    await this.#client.send([['respawn-pane', '-k', '-t', pane, '--', ...this.#announcements.argv]]);
  }

  async #newWindow(argv: readonly string[]): Promise<string> {
    const [[pane = ''] = []] = await this.#client.send([
      ['new-window', '-d', '-P', '-F', '#{pane_id}', '--', ...argv],
    ]);
    return pane;
  }

  async #start(start: () => Promise<unknown>): Promise<Announced> {
    const announced = this.#announcements.next();
    await start();
    return announced;
  }
}
