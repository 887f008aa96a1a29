/** The mailbox: one message in hand at a time, read only while the inbox is open. */
import { expect, test } from 'vitest';
import { type MailboxEvent, type MailboxInput, mailboxMachine } from '../../machines/mailbox.machine.ts';
import { shutdown } from '../../machines/supervision/exit-reason.ts';
import { called, failing, promised, stageChild } from './child-stage.ts';

async function stageMailbox() {
  const open = promised<MailboxInput>();
  const read = called<MailboxEvent, MailboxInput>();
  const watch = promised<MailboxInput>();
  const close = promised<MailboxInput>();
  const actors = {
    openMailbox: open.logic,
    readMailbox: read.logic,
    watchMailbox: watch.logic,
    closeMailbox: close.logic,
  };
  const stage = await stageChild(mailboxMachine.provide({ actors }), { agent: 'kaede' });
  return { open, read, watch, close, stage };
}

async function stageReadingMailbox() {
  const staged = await stageMailbox();
  staged.open.latest().resolve();
  await staged.stage.settle();
  return staged;
}

test('reads nothing and is not ready before it is open', async () => {
  const { stage, open, read } = await stageMailbox();
  expect(stage).toMatchObject({ state: 'opening', said: [] });
  expect(read.lives).toHaveLength(0);
  open.latest().resolve();
  await stage.settle();
  expect(stage).toMatchObject({ state: { reading: 'empty' }, said: [{ type: 'child.ready' }] });
  expect(read.lives).toHaveLength(1);
});

test('a message is in hand from its taking to its settling', async () => {
  const { stage, read } = await stageReadingMailbox();
  for (const id of ['first', 'second']) {
    read.latest().sendBack({ type: 'message.taken', id });
    expect(stage.state).toEqual({ reading: 'delivering' });
    read.latest().sendBack({ type: 'message.settled', id });
    expect(stage.state).toEqual({ reading: 'empty' });
  }
});

test.each(['empty', 'delivering'])(
  'shut down while it is %s, it stops reading, closes and ends as asked',
  async (state) => {
    const { stage, read, watch, close } = await stageReadingMailbox();
    if (state === 'delivering') read.latest().sendBack({ type: 'message.taken', id: 'first' });
    await stage.send({ type: 'shutdown' });
    expect(stage.state).toBe('closing');
    expect(read.latest().stopped).toBe(true);
    expect(watch.latest().signal.aborted).toBe(true);
    close.latest().resolve();
    await stage.settle();
    expect(stage).toMatchObject({ state: 'closed', end: { type: 'done', output: shutdown } });
  },
);

test.each(['open', 'watch', 'close'] as const)('crashes when it fails to %s', async (which) => {
  const staged = await stageMailbox();
  const { stage } = staged;
  if (which !== 'open') staged.open.latest().resolve();
  await stage.settle();
  if (which === 'close') await stage.send({ type: 'shutdown' });
  staged[which].latest().reject(new Error('the bus was closed'));
  await stage.settle();
  expect(stage.end).toEqual({ type: 'crashed', error: new Error('the bus was closed') });
  if (which === 'watch') expect(staged.read.latest().stopped).toBe(true);
});

test('crashes when reading cannot begin', async () => {
  const open = promised<MailboxInput>();
  const watch = promised<MailboxInput>();
  const machine = mailboxMachine.provide({
    actors: { openMailbox: open.logic, readMailbox: failing('no consumer'), watchMailbox: watch.logic },
  });
  const stage = await stageChild(machine, { agent: 'kaede' });
  open.latest().resolve();
  await stage.settle();
  expect(stage.end).toEqual({ type: 'crashed', error: new Error('no consumer') });
});
