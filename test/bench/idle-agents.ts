/** A daemon whose agents are all idle, and how long that took. */
import { type DaemonProcess, startDaemonProcess } from './daemon-process.ts';
import { createProject, type Project } from './project.ts';

export interface IdleOrchestra {
  readonly project: Project;
  readonly daemon: DaemonProcess;
  /** From the start of the `orchestra` process until the last agent was said to be idle, in ms. */
  readonly took: number;
  end(): Promise<void>;
}

/** Starts `orchestra up` with these agents on a fresh project without issues. @throws Error when it ends instead */
export async function startIdle(agents: Readonly<Record<string, object>>): Promise<IdleOrchestra> {
  const project = await createProject({ agents, flow: ['codegen'] });
  const waiting = new Set(Object.keys(agents));
  const begun = performance.now();
  let heardAll: () => void = () => {};
  const allIdle = new Promise<void>((resolve) => {
    heardAll = resolve;
  });
  const daemon = startDaemonProcess(project, [], (line) => {
    waiting.delete(/^\S+ (\S+)\s+is idle$/.exec(line)?.[1] ?? '');
    if (waiting.size === 0) heardAll();
  });
  const failed = daemon.ended.then((status) => {
    throw new Error(`the daemon ended with status ${status}:\n${daemon.lastLines()}`);
  });
  await Promise.race([allIdle, failed]);
  failed.catch(() => undefined);
  const took = performance.now() - begun;
  return {
    project,
    daemon,
    took,
    async end() {
      await daemon.stop();
      await project.remove();
    },
  };
}
