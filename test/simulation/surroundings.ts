/** What Node gives the daemon beside time: processes, files, ids and chance, all of them the simulation's while it runs. */
import crypto from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { Chance } from './chance.ts';
import { daemonPid, type SimulatedHost } from './simulated-host.ts';

/** Above every descriptor that the system gives. */
const firstDescriptor = 1_000_000_000;

/** The functions of node:fs/promises that are answered at once: otherwise the order of things would be the disk's. */
const answeredAtOnce = [
  'access',
  'appendFile',
  'chmod',
  'copyFile',
  'cp',
  'link',
  'lstat',
  'mkdir',
  'mkdtemp',
  'readFile',
  'readdir',
  'readlink',
  'realpath',
  'rename',
  'rm',
  'rmdir',
  'stat',
  'statfs',
  'symlink',
  'truncate',
  'unlink',
  'utimes',
  'writeFile',
] as const;

/** Replaces them in this process. @returns puts Node's own back */
export function replaceSurroundings(host: SimulatedHost, chance: Chance): () => void {
  const undos = [
    ...replaceFiles(host),
    replace(crypto, 'randomUUID', () => chance.uuid()),
    replace(Math, 'random', () => chance.next()),
    replace(AbortSignal, 'any', anySignal),
    // The real one may be that of a simulated process, whom the daemon would then take for itself.
    replace(process, 'pid', daemonPid),
    replace(process, 'kill', (pid: number, signal: NodeJS.Signals | 0 = 'SIGTERM') => {
      if (!host.signal(pid, signal)) throw systemError('ESRCH', 'kill');
      return true;
    }),
  ];
  syncBuiltinESMExports();
  return () => {
    for (const undo of undos.reverse()) undo();
    syncBuiltinESMExports();
  };
}

/** Node keeps its own for as long as somebody listens to them (20.20), and with them all of a daemon that has died. */
function anySignal(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  const abort = () => {
    for (const signal of signals) signal.removeEventListener('abort', abort);
    controller.abort(signals.find(({ aborted }) => aborted)?.reason);
  };
  if (signals.some(({ aborted }) => aborted)) abort();
  else for (const signal of signals) signal.addEventListener('abort', abort);
  return controller.signal;
}

/** /proc is the simulated machine's, /sys is empty; everything else is the real file system, without waiting. */
function replaceFiles(host: SimulatedHost): (() => void)[] {
  const { openSync, readSync, closeSync, readFileSync, readdirSync } = fs;
  const open = new Map<number, Buffer>();
  let last = firstDescriptor;
  const contentOf = (path: string): Buffer => {
    const content = host.file(path);
    if (content === undefined) throw systemError('ENOENT', `open '${path}'`);
    return content;
  };
  const undos = [
    replace(fs, 'openSync', (path: fs.PathLike, ...rest: unknown[]) => {
      if (!isSystems(path)) return Reflect.apply(openSync, fs, [path, ...rest]);
      const content = contentOf(path);
      last += 1;
      open.set(last, content);
      return last;
    }),
    replace(fs, 'readSync', (descriptor: number, target: Buffer, ...rest: unknown[]) => {
      const content = open.get(descriptor);
      if (!content) return Reflect.apply(readSync, fs, [descriptor, target, ...rest]);
      const length = content.copy(target, Number(rest[0] ?? 0));
      open.set(descriptor, content.subarray(length));
      return length;
    }),
    replace(fs, 'closeSync', (descriptor: number) => {
      if (!open.delete(descriptor)) closeSync(descriptor);
    }),
    replace(fs, 'readFileSync', (path: fs.PathOrFileDescriptor, ...rest: unknown[]) =>
      isSystems(path) ? contentOf(path).toString('latin1') : Reflect.apply(readFileSync, fs, [path, ...rest]),
    ),
    replace(fs, 'readdirSync', (path: fs.PathLike, ...rest: unknown[]) => {
      if (!isSystems(path)) return Reflect.apply(readdirSync, fs, [path, ...rest]);
      const names = host.folder(path);
      if (!names) throw systemError('ENOENT', `scandir '${path}'`);
      return names;
    }),
  ];
  for (const name of [
    'accessSync',
    'statSync',
    'lstatSync',
    'mkdirSync',
    'writeFileSync',
    'rmdirSync',
  ] as const) {
    const original = fs[name];
    undos.push(
      replace(fs, name, (path: fs.PathLike, ...rest: unknown[]) => {
        if (isSystems(path)) throw systemError('ENOENT', `${name} '${path}'`);
        return Reflect.apply(original, fs, [path, ...rest]);
      }),
    );
  }
  const notes = new Notes();
  for (const name of answeredAtOnce) {
    undos.push(
      replace(fs.promises, name, async (...asked: unknown[]) => {
        const answer = notes.answer(name, asked);
        if (answer !== undefined) return answer.content;
        return Reflect.apply(fs[`${name}Sync`] as (...asked: unknown[]) => unknown, fs, asked);
      }),
    );
  }
  undos.push(
    replace(fs.promises, 'open', async (path: fs.PathLike, flags?: fs.OpenMode, mode?: fs.Mode) =>
      fileHandle(fs.openSync(path, flags ?? 'r', mode)),
    ),
  );
  return undos;
}

/** An open file, as far as anybody here uses one. */
function fileHandle(descriptor: number) {
  return {
    fd: descriptor,
    async read(buffer: Buffer, offset = 0, length = buffer.length - offset, position: number | null = null) {
      return { buffer, bytesRead: fs.readSync(descriptor, buffer, offset, length, position) };
    },
    stat: async () => fs.fstatSync(descriptor),
    readFile: async (options?: BufferEncoding) => fs.readFileSync(descriptor, options),
    writeFile: async (data: string | Uint8Array) => fs.writeFileSync(descriptor, data),
    appendFile: async (data: string | Uint8Array) => fs.appendFileSync(descriptor, data),
    truncate: async (length?: number) => fs.ftruncateSync(descriptor, length),
    sync: async () => undefined,
    datasync: async () => undefined,
    close: async () => fs.closeSync(descriptor),
  };
}

/** What the process waits for that does not obey the simulated time: nothing, or the simulation is not exact. */
export function foreignWork(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => /^(?:FSReq|FileHandle|Process|GetAddrInfo)/.test(kind));
}

/** The task files, kept in memory: a disk would take an eighth of the simulation's time for them. */
class Notes {
  readonly #files = new Map<string, unknown>();

  /** Undefined for what is no task file, or is none that was written. */
  answer(name: string, [path, content]: readonly unknown[]): { content: unknown } | undefined {
    if (typeof path !== 'string' || !isTaskFile.test(path)) return undefined;
    if (name === 'writeFile') {
      this.#files.set(path, content);
      return { content: undefined };
    }
    const file = this.#files.get(path);
    if (file === undefined) return undefined;
    if (name === 'rename' && typeof content === 'string') this.#files.set(content, file);
    if (name === 'rename' || name === 'rm' || name === 'unlink') this.#files.delete(path);
    return { content: name === 'readFile' ? file : undefined };
  }
}

/** `task.md` and `task.json`, and their drafts. */
const isTaskFile = /\/task\.(?:md|json)(?:\.[\da-f-]+)?$/;

const isSystems = (path: unknown): path is string =>
  typeof path === 'string' && (path.startsWith('/proc') || path.startsWith('/sys'));

/** Without a stack: they are part of every look at the processes, and a stack costs more than the look. */
function systemError(code: string, what: string): Error & { code: string } {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = Object.assign(new Error(`${code}: ${what}`), { code });
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}

/** Whatever its exact type: what stands in is called as the original is. */
function replace<Owner extends object, Name extends keyof Owner>(
  owner: Owner,
  name: Name,
  standIn: number | ((...asked: never[]) => unknown),
): () => void {
  const original = owner[name];
  Object.defineProperty(owner, name, { value: standIn, configurable: true, writable: true });
  return () => {
    Object.defineProperty(owner, name, { value: original, configurable: true, writable: true });
  };
}
