import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { type NatsConnection, PermissionViolationError } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { connectAs, launch, temporaryFolder } from './launched-server.ts';

test('an agent writes to any inbox under its own name, and gets the acknowledgement', async () => {
  const server = await launch(await temporaryFolder());
  const manager = await jetstreamManager(await connectAs(server, 'daemon'));
  await manager.streams.add({
    name: 'INBOX',
    subjects: ['orchestra.agent.*.inbox.*'],
    max_bytes: 1024 * 1024,
  });
  const kaede = await connectAs(server, 'kaede');
  const { seq } = await jetstream(kaede, { checkAPI: false }).publish(
    'orchestra.agent.sakura.inbox.kaede',
    'hello',
  );
  expect((await manager.streams.getMessage('INBOX', { seq }))?.subject).toBe(
    'orchestra.agent.sakura.inbox.kaede',
  );
});

test('an agent reports to the daemon, asks it, and answers on its own subject', async () => {
  const server = await launch(await temporaryFolder());
  const daemon = await connectAs(server, 'daemon');
  const kaede = await connectAs(server, 'kaede');
  answer(daemon, 'orchestra.agent.*.report.>', 'noted');
  answer(daemon, 'orchestra.agent.*.query.>', 'known');
  answer(kaede, 'orchestra.agent.kaede.ask', 'busy');
  await Promise.all([daemon.flush(), kaede.flush()]);
  const ask = async (connection: NatsConnection, subject: string) =>
    (await connection.request(subject, '', { timeout: 30_000 })).string();
  expect(await ask(kaede, 'orchestra.agent.kaede.report.done')).toBe('noted');
  expect(await ask(kaede, 'orchestra.agent.kaede.query.tasks')).toBe('known');
  expect(await ask(daemon, 'orchestra.agent.kaede.ask')).toBe('busy');
});

test.each([
  'orchestra.agent.sakura.inbox.botan',
  'orchestra.agent.sakura.inbox',
  'orchestra.agent.sakura.report.done',
  'orchestra.agent.sakura.query.tasks',
  'orchestra.agent.kaede.ask',
  'orchestra.cmd.down',
  '$JS.API.STREAM.DELETE.INBOX',
  '_INBOX.daemon.1',
])('an agent cannot publish to %s', async (subject) => {
  const server = await launch(await temporaryFolder());
  const kaede = await connectAs(server, 'kaede');
  const refused = nextPermissionError(kaede);
  kaede.publish(subject, 'not me');
  expect(await refused).toMatchObject({ operation: 'publish', subject });
});

test.each([
  '>',
  'orchestra.>',
  'orchestra.agent.sakura.ask',
  'orchestra.agent.kaede.inbox',
  '_INBOX.>',
  '_INBOX.sakura.>',
])('an agent cannot subscribe to %s', async (subject) => {
  const server = await launch(await temporaryFolder());
  const kaede = await connectAs(server, 'kaede');
  const refusal = new Promise<Error | null>((resolve) => {
    kaede.subscribe(subject, { callback: (error) => resolve(error) });
  });
  expect(await refusal).toBeInstanceOf(PermissionViolationError);
});

test('no one of the account sees the system account', async () => {
  const server = await launch(await temporaryFolder());
  const daemon = await connectAs(server, 'daemon');
  await expect(daemon.request('$SYS.REQ.SERVER.PING', '', { timeout: 30_000 })).rejects.toThrow(
    /no responders/i,
  );
});

function answer(connection: NatsConnection, subject: string, text: string): void {
  connection.subscribe(subject, { callback: (_error, message) => void message.respond(text) });
}

async function nextPermissionError(connection: NatsConnection): Promise<Error | undefined> {
  for await (const status of connection.status()) {
    if (status.type === 'error' && status.error instanceof PermissionViolationError) return status.error;
  }
  return undefined;
}
