/** Carries out `orchestra replay`: reads the journal, and shows it stepwise, as lines, or in a browser. */
import type { Bus } from '../../bus/bus.ts';
import { BusError } from '../../bus/bus-error.ts';
import { transitionStream } from '../../bus/stream-definitions.ts';
import { type StreamExtent, streamExtent } from '../../bus/stream-extent.ts';
import { ask } from '../../client/ask.ts';
import type { RecordedTransition } from '../../journal/journal-page.ts';
import { readTransitions } from '../../journal/read-transitions.ts';
import { momentText } from '../../terminal/clock-text.ts';
import { safeJson } from '../../terminal/safe-json.ts';
import { gapText, transitionLine } from '../../terminal/transition-line.ts';
import { CliError } from '../cli-error.ts';
import type { ReplayOptions } from '../commands/replay.ts';
import { type GlobalOptions, withDaemon } from '../daemon-connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { pageLink, showPage } from '../inspect/show-page.ts';
import { unknownAgent } from '../known-agent.ts';
import { printLine, printNotice } from '../output.ts';
import { stepThrough } from './step-through.ts';

/** As many as are at hand while somebody steps; whoever wants more begins later or ends earlier. */
const mostSteps = 50_000;

/** @throws CliError, BusError */
export async function runReplay(options: ReplayOptions, globals: GlobalOptions): Promise<void> {
  const { from, to, agent } = options;
  if (to && to < from)
    throw new CliError(`--to (${momentText(to)}) is before --from (${momentText(from)}).`, exitCodes.usage);
  if (options.page) return openPage(options, globals);
  const isInteractive = process.stdin.isTTY && process.stdout.isTTY && !options.json && !options.plain;
  const steps: RecordedTransition[] = [];
  let shown = 0;
  let unreadable = 0;
  await withDaemon(globals, async ({ bus }) => {
    const reading = readTransitions(bus, {
      from,
      ...(to && { to }),
      ...(agent && { agent }),
      onUnreadable: ({ count }) => {
        unreadable += count;
      },
    });
    for await (const transition of recorded(reading)) {
      shown += 1;
      if (!isInteractive) printTransition(transition, options);
      else if (steps.push(transition) > mostSteps) break;
    }
    if (shown === 0) await tellNothing(bus, options);
  });
  const notes = notesOn(steps, unreadable);
  if (steps.length === 0) for (const note of notes) printNotice(note);
  else
    await stepThrough({
      transitions: steps.slice(0, mostSteps),
      notes,
      input: process.stdin,
      output: process.stdout,
    });
}

async function openPage({ from, to, agent }: ReplayOptions, globals: GlobalOptions): Promise<void> {
  const replay = {
    from: from.toISOString(),
    ...(to && { to: to.toISOString() }),
    ...(agent && { agent }),
  };
  if (agent !== undefined) await withDaemon(globals, ({ bus }) => checkAgent(bus, agent));
  await showPage(await pageLink(globals, { replay }), true);
}

/** A daemon older than the journal, or one that has just been started, has no stream. */
async function* recorded(reading: AsyncIterable<RecordedTransition>): AsyncGenerator<RecordedTransition> {
  try {
    yield* reading;
  } catch (error) {
    if (!(error instanceof BusError) || error.code !== 'no-stream') throw error;
  }
}

/** Where everything stood is for those who fold; a program that reads lines gets what happened. */
function printTransition(
  { standing: _standing, ...transition }: RecordedTransition,
  { json }: ReplayOptions,
): void {
  if (!json && transition.missing !== undefined) printLine(`– ${gapText(transition.missing)}`);
  printLine(json ? safeJson(transition) : transitionLine(transition));
}

function notesOn(steps: readonly RecordedTransition[], unreadable: number): string[] {
  const notes: string[] = [];
  const last = steps[mostSteps];
  if (last)
    notes.push(
      `The first ${mostSteps} only; --from "${momentText(new Date(last.at))}" goes on where they end.`,
    );
  if (unreadable > 0) notes.push(`Left out because they cannot be read: ${unreadable}.`);
  return notes;
}

/** Says why there is nothing, on standard error. @throws CliError when there is no such agent */
async function tellNothing(bus: Bus, { from, to = new Date(), agent }: ReplayOptions): Promise<void> {
  if (agent !== undefined) await checkAgent(bus, agent);
  const whose = agent === undefined ? '' : ` of ${agent}`;
  printNotice(`Nothing${whose} was recorded from ${momentText(from)} to ${momentText(to)}.`);
  printNotice(await extentText(bus));
}

/** One that is no longer configured may have left something. @throws CliError when there is neither */
async function checkAgent(bus: Bus, agent: string): Promise<void> {
  const names = (await ask(bus, 'agents', {})).map(({ name }) => name);
  if (names.includes(agent)) return;
  for await (const _ of recorded(readTransitions(bus, { from: new Date(0), agent }))) return;
  throw unknownAgent(agent, names);
}

async function extentText(bus: Bus): Promise<string> {
  let extent: StreamExtent | undefined;
  try {
    extent = await streamExtent(bus, transitionStream);
  } catch (error) {
    if (!(error instanceof BusError) || error.code !== 'no-stream') throw error;
  }
  if (!extent) return 'The journal is empty.';
  return `The journal reaches from ${momentText(extent.first)} to ${momentText(extent.last)}.`;
}
