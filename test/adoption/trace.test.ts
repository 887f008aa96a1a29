/** A message that a daemon was typing when it died: the next one looks whether the pane shows it, and types it at most once. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AgentPlace } from '../../src/agents/agent-place.ts';
import { keptConversation } from '../../src/agents/kept-conversation.ts';
import { traceOf } from '../../src/agents/trace.ts';
import { Port } from '../../src/ports/port.ts';
import { openServer, startRun } from '../tmux/open-server.ts';
import { until } from '../tmux/until.ts';

const message = {
  id: '4f1c9f3e-7c1b-4a53-b1f5-000000000001',
  from: 'sakura',
  text: 'hello',
  sentAt: '',
  sequence: 1,
};
const mention = `(${message.id})`;
const line = `message from sakura: hello ${mention}`;

/** A program that echoes what is typed and writes down each line. */
async function stage(
  program: string[] = ['sh', '-c', 'while read -r line; do echo "$line" >> "$LOG"; done'],
) {
  const { tmux, folder } = await openServer();
  const log = join(folder, 'heard');
  const { pane } = await startRun(tmux, program, { LOG: log });
  const tmuxPort = new Port<typeof tmux>('tmux');
  const panePort = new Port<typeof pane>('pane');
  tmuxPort.fill(tmux);
  panePort.fill(pane);
  // All that a conversation needs of a place to type.
  const place = { name: 'kaede', tmux: tmuxPort, pane: panePort } as unknown as AgentPlace;
  const conversation = keptConversation(place, { ready: 'immediately', accept: 'none' });
  const deliver = (redelivered: boolean) =>
    conversation.deliver(message, { signal: new AbortController().signal, redelivered });
  const heard = () => readFile(log, 'utf8').catch(() => '');
  const trace = () => traceOf(place, mention);
  return { tmux, pane, deliver, heard, trace };
}

const heardIt = `${line}\n`;

test('nothing of it is there: it is typed', async () => {
  const { deliver, heard, trace } = await stage();
  expect(await trace()).toBe('nothing');
  expect(await deliver(true)).toBe('delivered');
  await until(async () => (await heard()) === heardIt);
});

test('it was submitted: it is not typed again, however much has been printed since', async () => {
  const { tmux, pane, deliver, heard, trace } = await stage();
  await deliver(false);
  await until(async () => (await heard()) === heardIt);
  // The program may have read the line before tmux has read its echo.
  await until(async () => (await trace()) === 'on the screen');
  for (let more = 0; more < 60; more += 1) await tmux.submit(pane, `line ${more}`, { pauseMs: 0 });
  await until(async () => (await heard()).endsWith('line 59\n'));
  expect(await deliver(true)).toBe('delivered');
  expect((await heard()).split(mention)).toHaveLength(2);
});

test('it was pasted and Enter never came: only Enter is pressed', async () => {
  const { tmux, pane, deliver, heard, trace } = await stage();
  await tmux.paste(pane, line);
  await until(async () => (await trace()) === 'in the input');
  expect(await deliver(true)).toBe('delivered');
  await until(async () => (await heard()) === heardIt);
});

test('it was pasted and nothing shows it: it reaches the program once all the same', async () => {
  const { tmux, pane, deliver, heard, trace } = await stage([
    'sh',
    '-c',
    'stty -echo; echo ready; while read -r line; do echo "$line" >> "$LOG"; done',
  ]);
  await until(async () => (await tmux.capture(pane)).includes('ready'));
  await tmux.paste(pane, line);
  expect(await trace()).toBe('nothing');
  await deliver(true);
  await until(async () => (await heard()) === heardIt);
});

test('a program that breaks it into a frame of its own still shows it', async () => {
  const id = message.id;
  const frame = `printf '│ message from sakura: hello (%s │\\n│ %s) │\\n╰──╯\\n' ${id.slice(0, 20)} ${id.slice(20)}; exec sleep 100`;
  const { trace } = await stage(['sh', '-c', frame]);
  await until(async () => (await trace()) === 'on the screen');
});

test('a message that was never typed before is typed without a look', async () => {
  const { tmux, pane, deliver, heard } = await stage();
  await tmux.submit(pane, line, { pauseMs: 0 });
  await until(async () => (await heard()) === heardIt);
  await deliver(false);
  await until(async () => (await heard()) === heardIt + heardIt);
});
