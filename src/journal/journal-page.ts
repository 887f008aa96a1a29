/** One message of the journal's stream: some transitions in the order in which they happened, and what to know before them. */
import { z } from 'zod';
import type { Transition } from '../inspection/transition.ts';
import { versioned } from '../stored/versioned.ts';
import type { Step } from './standing.ts';

/** As it is read: the transitions are parsed one by one, so that one that cannot be read costs no others. */
export const StoredPage = versioned({
  version: 1,
  schema: z.object({
    /** Names one life of one daemon. */
    boot: z.string(),
    node: z.string(),
    /** Counts the pages of this boot from 1: whoever reads one twice knows it. */
    sequence: z.int(),
    transitions: z.array(z.unknown()),
    /** So many transitions before these could not be kept. */
    missing: z.int().optional(),
    /** Where every machine stood just before these: its latest transition. From time to time, and after a gap. */
    standing: z.array(z.unknown()).optional(),
  }),
});

export interface JournalPage extends z.infer<typeof StoredPage> {
  transitions: Transition[];
  standing?: Transition[];
}

/** A transition as it is read back. */
export interface RecordedTransition extends Transition {
  boot: string;
  node: string;
  /** So many transitions before this one could not be kept, or not be read. */
  missing?: number;
  /** Where every machine stood just before this one, where it has to be said: at the beginning of what is read, and after a gap. */
  standing?: Step[];
}
