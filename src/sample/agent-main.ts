/** The sample agent's program: a line-reading CLI agent that does what sample issues ask for, without any model. */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { connectBus } from '../bus/connect-bus.ts';
import { query, report } from '../client/ask.ts';
import { persistently } from '../client/persistently.ts';
import type { ReportName, ReportRequest } from '../events/commands.ts';
import { plainText } from '../terminal/plain-text.ts';
import { performStage } from './perform-stage.ts';
import { requiredVariable } from './required-variable.ts';

const name = requiredVariable('ORCHESTRA_AGENT');
const pace = Number(process.env['ORCHESTRA_SAMPLE_PACE'] ?? 0);
const bus = await connectBus({
  url: requiredVariable('ORCHESTRA_NATS_URL'),
  seed: (await readFile(requiredVariable('ORCHESTRA_NATS_KEY'), 'utf8')).trim(),
  name,
  inboxPrefix: `_INBOX.${name}`,
});

/** How long a report is repeated while daemon or nats-server are away, in ms. */
const wait = 600_000;

const tell = <Verb extends ReportName>(verb: Verb, request: ReportRequest<Verb>): Promise<void> =>
  persistently((timeout) => report(bus, name, verb, request, timeout), { wait });

/** Shows a line in the pane; with `spoken`, people see it in the overview as well. */
async function say(line: string, spoken = true): Promise<void> {
  process.stdout.write(`  ${plainText(line)}\n`);
  if (spoken) await tell('say', { text: line });
  if (pace > 0) await new Promise((resolve) => setTimeout(resolve, pace));
}

async function work(): Promise<void> {
  const { assignment } = await persistently(() => query(bus, name, 'assignment', {}), { wait });
  if (!assignment) return say('Nothing is assigned to me.', false);
  const held = { task: assignment.task, token: assignment.token };
  await tell('accept', held);
  process.stdout.write(
    `\n\u001B[1m▶ #${assignment.task} ${plainText(assignment.title)}\u001B[0m · ${assignment.stage}\n`,
  );
  const { outcome, note } = await performStage(name, assignment, bus, say);
  await tell(outcome, { ...held, note });
  process.stdout.write(`\u001B[1m${outcome === 'done' ? '✔' : '✘'} ${plainText(note)}\u001B[0m\n`);
}

let working: Promise<void> = Promise.resolve();
process.on('SIGINT', () => process.stdout.write('  (interrupted; a sample agent carries on)\n'));
const lines = createInterface({ input: process.stdin, terminal: false });
lines.on('line', (line) => {
  const said = line.trim();
  if (said.startsWith('orchestra: task ')) {
    working = working.then(work).catch((error: Error) => {
      process.stdout.write(`  ${plainText(error.message)}\n`);
    });
  } else if (said.startsWith('orchestra: are you still at it?')) {
    void tell('say', { text: 'yes, still at it' });
  } else if (said.startsWith('message from ')) {
    process.stdout.write(`  \u001B[36m✉ ${plainText(said)}\u001B[0m\n`);
  }
});
lines.on('close', () => void bus.close());

// What is pasted into the pane is shown by what we print of it, not by the terminal's echo.
await execa('stty', ['-echo'], { stdio: 'inherit', reject: false });
process.stdout.write(`${name} is ready.\n`);
await tell('ready', {});
