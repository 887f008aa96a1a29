/** The machine's processes as the simulation has them, and how /proc shows them: a daemon may ask, and send signals. */
import type { SimulatedTime } from './simulated-time.ts';

export interface ProcessSpec {
  parent: number;
  environment: Readonly<Record<string, string>>;
  /** Hears the signals sent to it; KILL has ended it already. */
  onSignal?: (signal: NodeJS.Signals) => void;
}

interface Entry extends ProcessSpec {
  startTime: number;
  environ: Buffer;
  /** In hundredths of a second. */
  cpu: number;
}

const proc = '/proc/';

/** What the daemon takes for its own pid; no other process ever has it. */
export const daemonPid = 1_000;

const noKernelThread = Buffer.from('2 (init) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 0 20 0 1 0 0 0 0');

export class SimulatedHost {
  readonly #time: SimulatedTime;
  readonly #entries = new Map<number, Entry>();
  #lastPid = daemonPid;

  constructor(time: SimulatedTime) {
    this.#time = time;
  }

  get count(): number {
    return this.#entries.size;
  }

  isAlive(pid: number): boolean {
    return this.#entries.has(pid);
  }

  /** @returns its pid, never used again */
  spawn(spec: ProcessSpec): number {
    this.#lastPid += 1;
    const environ = Object.entries(spec.environment).map(([name, value]) => `${name}=${value}\0`);
    const bytes = Buffer.from(environ.join(''), 'latin1');
    const startTime = Math.floor(this.#time.elapsed / 10);
    this.#entries.set(this.#lastPid, { ...spec, startTime, environ: bytes, cpu: 0 });
    return this.#lastPid;
  }

  /** Since when it runs, in the unit of /proc; undefined when it does not. */
  startTime(pid: number): number | undefined {
    return this.#entries.get(pid)?.startTime;
  }

  work(pid: number, milliseconds: number): void {
    const entry = this.#entries.get(pid);
    if (entry) entry.cpu += milliseconds / 10;
  }

  /** It is gone; what it had started lives on under init. */
  end(pid: number): void {
    this.#entries.delete(pid);
    for (const entry of this.#entries.values()) if (entry.parent === pid) entry.parent = 1;
  }

  /** kill(2). @returns false when there is no such process */
  signal(pid: number, signal: NodeJS.Signals | 0): boolean {
    const entry = this.#entries.get(pid);
    if (!entry) return false;
    if (signal === 0) return true;
    if (signal === 'SIGKILL' || (signal === 'SIGTERM' && !entry.onSignal)) this.end(pid);
    entry.onSignal?.(signal);
    return true;
  }

  /** The machine loses its power. */
  crash(): void {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    for (const { onSignal } of entries) onSignal?.('SIGKILL');
  }

  /** What stands in /proc at this path; undefined where nothing is. */
  file(path: string): Buffer | undefined {
    // Looked at first each time: the kernel's own thread, which this machine does not have.
    if (path === '/proc/2/stat') return noKernelThread;
    const end = path.indexOf('/', proc.length);
    const pid = path.slice(proc.length, end);
    const entry = this.#entries.get(Number(pid));
    if (!entry) return undefined;
    const name = path.slice(end + 1);
    if (name === 'environ') return entry.environ;
    if (name !== 'stat') return undefined;
    const cpu = Math.floor(entry.cpu);
    const stat = `${pid} (agent) S ${entry.parent} ${pid} ${pid} 0 -1 0 0 0 0 0 ${cpu} 0 0 0 20 0 1 0 ${entry.startTime} 0 0`;
    return Buffer.from(stat, 'latin1');
  }

  folder(path: string): string[] | undefined {
    return path === '/proc' ? [...this.#entries.keys()].map(String) : undefined;
  }
}
