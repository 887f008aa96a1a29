/** Brings what the recorder has to the journal's stream, page by page: in order, once each, whatever happens to the bus. */
import { pause } from '../bus/abort.ts';
import type { Bus } from '../bus/bus.ts';
import { type BusError, toBusError } from '../bus/bus-error.ts';
import { encodeMessage } from '../bus/envelope.ts';
import { storeWhenPossible } from '../bus/store-when-possible.ts';
import { transitionSubject } from '../bus/stream-definitions.ts';
import type { JournalPage } from './journal-page.ts';
import type { JournalRecorder } from './recorder.ts';

export interface JournalHooks {
  /** The bus does not take it for now; said once until it takes one again. */
  onStalled?: (error: BusError) => void;
  /** A page can never be stored; it counts as missing. */
  onLost?: (page: JournalPage, error: BusError) => void;
}

/** How long transitions are collected, in ms. */
const collecting = 500;

/** How long a stream that is gone may take to come back, in ms: whoever supervises the journal makes it again. */
const streamPatience = 1_000;

/** Goes on until `signal` aborts. @throws BusError `closed`, `aborted`, or `no-stream`: somebody has deleted it */
export async function writeJournal(
  recorder: JournalRecorder,
  bus: Bus,
  signal: AbortSignal,
  hooks: JournalHooks = {},
): Promise<never> {
  for (;;) {
    await storePages(recorder, bus, signal, hooks);
    await pause(collecting, signal);
  }
}

/** Stores what waits, within `deadline` ms; resolves with how many transitions still wait then. */
export async function flushJournal(
  recorder: JournalRecorder,
  bus: Bus,
  deadline: number,
  hooks: JournalHooks = {},
): Promise<number> {
  try {
    await storePages(recorder, bus, AbortSignal.timeout(deadline), hooks);
  } catch {
    // The number says it.
  }
  return recorder.waiting;
}

async function storePages(
  recorder: JournalRecorder,
  bus: Bus,
  signal: AbortSignal,
  { onStalled = () => {}, onLost = () => {} }: JournalHooks,
): Promise<void> {
  for (let page = recorder.page(); page; page = recorder.page()) {
    const { boot, node, sequence } = page;
    const message = encodeMessage(page, { id: `journal.${node}.${boot}.${sequence}`, type: 'transitions' });
    try {
      await storeWhenPossible(bus.connection, transitionSubject(node), message, {
        signal,
        streamPatience,
        onStalled,
      });
      recorder.stored(page);
    } catch (error) {
      const problem = toBusError(error, 'the journal');
      if (!isFaultOfThePage(problem)) throw problem;
      recorder.lost(page);
      onLost(page, problem);
    }
  }
}

const isFaultOfThePage = ({ code }: BusError): boolean => code === 'too-large' || code === 'refused';
