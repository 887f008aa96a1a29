/** The real daemon as a process: `orchestra up` on a project, its lines, its readiness, its end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../src/package/package-root.ts';
import type { Project } from './project.ts';

export interface DaemonProcess {
  readonly pid: number;
  /** Resolves with the exit status when it has ended; -1 when a signal ended it. It ends with us at the latest. */
  readonly ended: Promise<number>;
  /** What it printed last, for a message about a failure. */
  lastLines(): string;
  /** Asks it to end, and waits for that. */
  stop(): Promise<void>;
}

/** The `orchestra` command. */
export const cli = join(packageRoot, 'dist', 'src', 'cli', 'main.js');
const keptLines = 20;

// So that `exit` is heard by those below also when somebody ends us.
process.once('SIGTERM', () => process.exit(143));

/** Runs `orchestra up --plain`; `onLine` hears each line, standard error included. */
export function startDaemonProcess(
  project: Project,
  flags: readonly string[] = [],
  onLine: (line: string) => void = () => {},
): DaemonProcess {
  // What this process was started with, such as --cpu-prof, holds for the daemon too.
  const command = [...process.execArgv, cli, '--config', project.configFile, 'up', '--plain', ...flags];
  const child = spawn(process.execPath, command, {
    cwd: project.root,
    env: daemonEnvironment(project),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const endWithUs = () => child.kill('SIGTERM');
  process.once('exit', endWithUs);
  const last: string[] = [];
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', (line) => {
      last.push(line);
      if (last.length > keptLines) last.shift();
      onLine(line);
    });
  }
  const ended = once(child, 'close').then(([status]) => {
    process.off('exit', endWithUs);
    return typeof status === 'number' ? status : -1;
  });
  return {
    pid: child.pid ?? -1,
    ended,
    lastLines: () => last.join('\n'),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Ours, without what belongs to an orchestra or a tmux that the caller may sit in. */
export function daemonEnvironment({ state }: Project): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => {
    return !name.startsWith('TMUX') && (!name.startsWith('ORCHESTRA_') || name === 'ORCHESTRA_NATS_SERVER');
  });
  return { ...Object.fromEntries(own), ORCHESTRA_STATE: state.root };
}
