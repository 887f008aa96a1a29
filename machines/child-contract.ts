/** What a supervised machine and its supervisor say to each other. */
import { shutdown } from './supervision/exit-reason.ts';

/** The supervisor asks the child to clean up and end; it has as long as its child spec's `shutdown` says. */
export interface ShutdownEvent {
  type: 'shutdown';
}

/** Sent to the parent by a child whose spec says `ready: 'event'`, once it works. */
export const childReady = { type: 'child.ready' } as const;

/** The output of a machine that ended because it was asked to. */
export const fromShutdown = shutdown;
