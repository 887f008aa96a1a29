/** What a daemon writes down of an agent's living program, so that the next one can prove whose it is and go on with it. */
import { z } from 'zod';
import { versioned } from '../stored/versioned.ts';

const Process = z.object({ pid: z.int(), startTime: z.number() });

/** The assignment that was handed to the program; `submitting`: perhaps. */
const HandedOver = z.object({
  task: z.string(),
  token: z.int(),
  attempt: z.int(),
  stage: z.string(),
  phase: z.enum(['submitting', 'performing']),
});

/** The stored form, version 1; key is the agent's name. No secret stands in it. */
export const SessionRecord = versioned({
  version: 1,
  schema: z.object({
    agent: z.string(),
    node: z.string(),
    /** Which daemon wrote it: when that one was started, ISO 8601. */
    boot: z.string(),
    /** What the program was started with: see fingerprint.ts. */
    fingerprint: z.string(),
    /** The tmux server. */
    tmux: Process.nullable(),
    pane: z.string().nullable(),
    /** The program's start: ORCHESTRA_RUN in its environment, `@orchestra_run` of its pane. Null while no program is wanted. */
    run: z.string().nullable(),
    /** The host of the run, which is the pane's own process. */
    process: Process.nullable(),
    /** Whether the program has been seen to take input. */
    ready: z.boolean(),
    /** The program's own name for its conversation, chosen by us. */
    session: z.string().nullable(),
    assignment: HandedOver.nullable(),
    /** Since when this run is there, ISO 8601. */
    since: z.string(),
  }),
});
export type SessionRecord = z.infer<typeof SessionRecord>;

/** What a writer may say; who writes, and when, is added. */
export type SessionChange = Partial<Omit<SessionRecord, 'version' | 'agent' | 'node' | 'boot' | 'since'>>;

export interface SessionWriter {
  node: string;
  boot: string;
}

/** The record after a change; a part that nobody has spoken of yet is empty. */
export function changedRecord(
  agent: string,
  { node, boot }: SessionWriter,
  known: SessionRecord | undefined,
  change: SessionChange,
): SessionRecord {
  const isNewRun = known === undefined || (change.run !== undefined && change.run !== known.run);
  return {
    fingerprint: '',
    tmux: null,
    pane: null,
    run: null,
    process: null,
    ready: false,
    session: null,
    assignment: null,
    ...known,
    ...change,
    version: 1,
    agent,
    node,
    boot,
    since: isNewRun ? new Date().toISOString() : known.since,
  };
}
