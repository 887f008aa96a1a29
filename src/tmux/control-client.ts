/** One tmux client in control mode: commands in, replies and notifications out, until it ends. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { ControlParser, type ControlReply } from './control-protocol.ts';
import { type Command, quoteCommands } from './quoting.ts';
import { TmuxError } from './tmux-error.ts';

export interface ControlClientOptions {
  readonly binary: string;
  /** The client's arguments, `-C` and the command that attaches it included. */
  readonly argv: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** The client is killed when a reply takes longer than this, in ms: its server has wedged. */
  readonly patienceMs: number;
}

interface Pending {
  /** Replies still to come. */
  left: number;
  readonly lines: string[][];
  readonly resolve: (lines: string[][]) => void;
  readonly reject: (error: TmuxError) => void;
}

/** How long the last words of a client that has ended may take. */
const lastWordsMs = 100;

type ClientProcess = ChildProcessByStdio<Writable, Readable, Readable>;

export class ControlClient {
  /** Resolves when the client has ended, with what was said about why. Never rejects. */
  readonly closed: Promise<string>;
  readonly #child: ClientProcess;
  readonly #patienceMs: number;
  readonly #pending: Pending[] = [];
  /** What tmux said that is no reply to us; the last of it explains an end. */
  #lastWords = '';
  #impatience: NodeJS.Timeout | undefined;
  #ended = false;
  #onNotification: (line: string) => void = () => {};

  constructor(options: ControlClientOptions) {
    this.#patienceMs = options.patienceMs;
    this.#child = spawn(options.binary, options.argv, {
      env: options.environment,
      cwd: options.cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const parser = new ControlParser({
      reply: (reply) => this.#onReply(reply),
      notification: (line) => {
        if (line.startsWith('%exit')) this.#lastWords = line.slice('%exit '.length) || this.#lastWords;
        else this.#onNotification(line);
      },
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => parser.push(text));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = text.trim();
    });
    // A write to a client that has just ended: its end says it all.
    this.#child.stdin.on('error', () => {});
    this.closed = this.#watchEnd();
  }

  /** Hears of what the server tells unasked, such as `%window-close @3`. There is one listener. */
  onNotification(listener: (line: string) => void): void {
    this.#onNotification = listener;
  }

  /**
   * Sends commands as one sequence, which tmux carries out without anything in between and breaks off at the first that
   * fails.
   *
   * @param replies how many replies there will be: one for each command, and one for each that a command carries out
   * @returns the lines of each reply
   * @throws TmuxError `command-failed`, `no-pane` or `lost`
   */
  send(commands: readonly Command[], replies = commands.length): Promise<string[][]> {
    const line = quoteCommands(commands);
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(this.#lost());
        return;
      }
      this.#pending.push({ left: replies, lines: [], resolve, reject });
      this.#child.stdin.write(`${line}\n`);
      this.#impatience ??= setTimeout(() => this.#giveUp(), this.#patienceMs);
    });
  }

  /** Ends the client at once. The server only sees a client less; `closed` tells when it is over. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #onReply({ ours, ok, lines }: ControlReply): void {
    const pending = this.#pending[0];
    if (!ours || pending === undefined) {
      if (!ok) this.#lastWords = lines.join('\n');
      return;
    }
    if (ok) pending.lines.push([...lines]);
    pending.left -= 1;
    if (ok && pending.left > 0) return;
    this.#pending.shift();
    this.#rest();
    if (ok) pending.resolve(pending.lines);
    else pending.reject(refusal(lines.join('\n')));
  }

  #giveUp(): void {
    this.#lastWords = `no answer within ${this.#patienceMs} ms`;
    this.kill();
  }

  /** The next reply has the whole patience again. */
  #rest(): void {
    if (this.#pending.length > 0) {
      this.#impatience?.refresh();
    } else {
      clearTimeout(this.#impatience);
      this.#impatience = undefined;
    }
  }

  #watchEnd(): Promise<string> {
    return new Promise((resolve) => {
      const end = (reason: string) => {
        if (this.#ended) return;
        this.#ended = true;
        for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) stream.destroy();
        this.#lastWords = reason;
        clearTimeout(this.#impatience);
        for (const { reject } of this.#pending.splice(0)) reject(this.#lost());
        resolve(reason);
      };
      this.#child.once('error', (error) => end(error.message));
      this.#child.once('exit', (code, signal) => {
        const told = () => end(this.#lastWords || `exit ${signal ?? code}`);
        // Its last words are still to be read; a stuck server, which holds the other end too, would keep us waiting.
        const late = setTimeout(told, lastWordsMs);
        this.#child.once('close', () => {
          clearTimeout(late);
          told();
        });
      });
    });
  }

  #lost(): TmuxError {
    return new TmuxError('lost', `The connection to tmux is gone: ${this.#lastWords}.`);
  }
}

function refusal(message: string): TmuxError {
  const isGone = /^can't find (pane|window)|^target pane has exited/.test(message);
  return new TmuxError(isGone ? 'no-pane' : 'command-failed', `tmux: ${message}`);
}
