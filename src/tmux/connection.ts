/**
 * Our lasting connection to one tmux server. It starts the server if none runs on the socket, and replaces a control
 * client that ended while the server lives, once: a second loss within ten seconds, or the server's end, is a loss.
 */
import type { ProcessIdentity } from '../processes/process-entry.ts';
import { isRunning, readProcess } from '../processes/process-table.ts';
import { ControlClient } from './control-client.ts';
import type { Command } from './quoting.ts';
import { TmuxError } from './tmux-error.ts';

export interface ConnectionOptions {
  readonly binary: string;
  readonly socket: string;
  /** tmux.conf, read by a server that this connection starts. */
  readonly configuration: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** How long the server may take for a reply, in ms. */
  readonly patienceMs: number;
  readonly session: string;
  /** The session's first window when the session is made; its command has at least two arguments. */
  readonly firstWindow: { readonly name: string; readonly command: Command };
}

/** A client that replaces another and is lost sooner than this is not replaced again. */
const shortestLifeMs = 10_000;

export class Connection {
  readonly server: ProcessIdentity;
  /** Resolves when the server or, for the second time, the connection is gone; not after `close`. Never rejects. */
  readonly lost: Promise<TmuxError>;
  readonly #options: ConnectionOptions;
  readonly #announceLoss: (error: TmuxError) => void;
  #client: ControlClient;
  /** The client to send by: settled but while it is being replaced. */
  #current: Promise<ControlClient>;
  #replacedAt = Number.NEGATIVE_INFINITY;
  #closing = false;
  #onNotification: (line: string) => void = () => {};

  private constructor(options: ConnectionOptions, opened: OpenedClient) {
    this.#options = options;
    this.server = opened.server;
    this.#client = opened.client;
    this.#current = Promise.resolve(opened.client);
    const { promise, resolve } = withResolvers<TmuxError>();
    this.lost = promise;
    this.#announceLoss = resolve;
    this.#watch(opened.client);
  }

  /** Hears of the server's notifications, such as `%window-close @3`. There is one listener. */
  onNotification(listener: (line: string) => void): void {
    this.#onNotification = listener;
  }

  /** @throws TmuxError `start-failed` */
  static async open(options: ConnectionOptions): Promise<Connection> {
    return new Connection(options, await openClient(options, { startServer: true }));
  }

  /**
   * Carries out one command and gives its output.
   *
   * @throws TmuxError `command-failed`, `no-pane` or `lost`
   */
  async command(...argv: Command): Promise<string[]> {
    const [lines = []] = await this.sequence([argv]);
    return lines;
  }

  /** Carries out commands with nothing in between; the first that fails ends the sequence. See ControlClient.send. */
  async sequence(commands: readonly Command[], replies?: number): Promise<string[][]> {
    const client = await this.#current;
    return client.send(commands, replies);
  }

  /** Ends the control client and leaves the server as it is. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#client.kill();
    await this.#client.closed;
  }

  #watch(client: ControlClient): void {
    client.onNotification((line) => this.#onNotification(line));
    void client.closed.then((reason) => {
      if (this.#closing) return;
      this.#current = this.#replace(reason);
      this.#current.catch((error: TmuxError) => this.#announceLoss(error));
    });
  }

  async #replace(reason: string): Promise<ControlClient> {
    const error = new TmuxError('lost', `tmux is lost: ${reason}.`);
    if (performance.now() - this.#replacedAt < shortestLifeMs) throw error;
    this.#replacedAt = performance.now();
    if (!(await isRunning(this.server))) throw error;
    const opened = await openClient(this.#options, { startServer: false }).catch((cause: unknown) => {
      throw new TmuxError('lost', error.message, { cause });
    });
    if (opened.server.pid !== this.server.pid || this.#closing) {
      opened.client.kill();
      throw error;
    }
    this.#client = opened.client;
    this.#watch(opened.client);
    return opened.client;
  }
}

interface OpenedClient {
  readonly client: ControlClient;
  readonly server: ProcessIdentity;
}

async function openClient(options: ConnectionOptions, how: { startServer: boolean }): Promise<OpenedClient> {
  const { binary, environment, cwd, patienceMs } = options;
  const client = new ControlClient({
    binary,
    argv: clientArguments(options, how),
    environment,
    cwd,
    patienceMs,
  });
  try {
    const [[pid = ''] = []] = await client.send([['display-message', '-p', '#{pid}']]);
    const server = await readProcess(Number(pid));
    if (server === undefined) throw new TmuxError('start-failed', `The tmux server ${pid} is gone.`);
    return { client, server };
  } catch (cause) {
    client.kill();
    const reason = await client.closed;
    throw new TmuxError('start-failed', `tmux on ${options.socket} cannot be reached: ${reason}.`, { cause });
  }
}

/** `-N` would rather fail than start a server; `-A` attaches if the session is there. */
function clientArguments(options: ConnectionOptions, { startServer }: { startServer: boolean }): string[] {
  const { socket, configuration, session, firstWindow } = options;
  const client = ['-u', '-C', ...(startServer ? [] : ['-N']), '-S', socket, '-f', configuration];
  const attach = ['new-session', '-A', '-f', 'no-output,ignore-size', '-s', session, '-n', firstWindow.name];
  return [...client, ...attach, '--', ...firstWindow.command];
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
