/** Asking and answering: values and errors arrive as what they are. */
import { expect, test } from 'vitest';
import { BusError } from '../../src/bus/bus-error.ts';
import { Arrivals, startOrchestra, startServer } from './real-bus.ts';

class Refusal extends Error {
  readonly code = 'no-such-task';
}

test('a value comes back, parsed', async () => {
  const bus = await (await startServer()).connect();
  bus.serve('orchestra.cmd.echo', (body, { subject, envelope }) => ({
    body,
    subject,
    by: envelope.correlationId,
  }));
  const reply = await bus.request(
    'orchestra.cmd.echo',
    { text: 'カエデ "\n\u001b' },
    { correlationId: 'c1' },
  );
  expect(reply).toEqual({ body: { text: 'カエデ "\n\u001b' }, subject: 'orchestra.cmd.echo', by: 'c1' });
});

test('nobody there, no answer in time, and a refusal are told apart', async () => {
  const bus = await (await startServer()).connect();
  bus.serve('orchestra.cmd.sleep', () => new Promise(() => {}));
  bus.serve('orchestra.cmd.refuse', () => Promise.reject(new Refusal('there is no task 7')));
  bus.serve('orchestra.cmd.crash', () => {
    throw new Error('oops');
  });
  await expect(bus.request('orchestra.cmd.nobody', {})).rejects.toMatchObject({ code: 'no-responder' });
  await expect(bus.request('orchestra.cmd.sleep', {}, { timeout: 50 })).rejects.toMatchObject({
    code: 'timeout',
  });
  await expect(bus.request('orchestra.cmd.refuse', {})).rejects.toMatchObject({
    code: 'refused',
    remoteCode: 'no-such-task',
    message: 'there is no task 7',
  });
  await expect(bus.request('orchestra.cmd.crash', {})).rejects.toMatchObject({
    code: 'refused',
    remoteCode: 'internal',
  });
  await expect(bus.request('orchestra.cmd.sleep', {}, { signal: AbortSignal.abort() })).rejects.toMatchObject(
    {
      code: 'aborted',
    },
  );
});

test('what is no JSON is a bad request, and an answer that is too large or no JSON is an error', async () => {
  const bus = await (await startServer()).connect();
  bus.serve('orchestra.cmd.echo', (body) => body);
  bus.serve('orchestra.cmd.large', () => 'x'.repeat(1024 ** 2));
  bus.serve('orchestra.cmd.cyclic', () => {
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    return cyclic;
  });
  const refusal = (remoteCode: string) => ({ code: 'refused', remoteCode });
  await expect(bus.request('orchestra.cmd.echo', 'no json')).rejects.toMatchObject(refusal('bad-request'));
  await expect(bus.request('orchestra.cmd.large', {})).rejects.toMatchObject(refusal('too-large'));
  await expect(bus.request('orchestra.cmd.cyclic', {})).rejects.toMatchObject(refusal('refused'));
  await expect(bus.request('orchestra.cmd.echo', '')).resolves.toBeUndefined();
});

test('an answer that is no reply of ours is refused', async () => {
  const { bus } = await startOrchestra();
  await expect(bus.request('orchestra.agent.kaede.inbox', 'x')).rejects.toMatchObject({ code: 'refused' });
});

test('an agent may not ask what is not for it', async () => {
  const server = await startServer();
  const kaede = await server.connect('kaede');
  await expect(kaede.request('orchestra.cmd.shutdown', {})).rejects.toMatchObject({ code: 'denied' });
});

test('a refused subscription is reported', async () => {
  const kaede = await (await startServer()).connect('kaede');
  const problems = new Arrivals<BusError>();
  kaede.onProblem(problems.add);
  kaede.subscribe('orchestra.agent.sakura.inbox', () => {});
  const [problem] = await problems.until((items) => items.length > 0);
  expect(problem).toBeInstanceOf(BusError);
  expect(problem?.code).toBe('denied');
});

test('serving and listening go on after a crash of the server', async () => {
  const server = await startServer();
  const [daemon, client] = [await server.connect(), await server.connect('operator')];
  const heard = new Arrivals<unknown>();
  daemon.serve('orchestra.cmd.echo', (body) => body);
  daemon.subscribe('orchestra.said', (message) => heard.add(message.json()));
  await server.crash();
  await Promise.all([daemon.flush(), client.flush()]);
  await expect(client.request('orchestra.cmd.echo', { n: 1 })).resolves.toEqual({ n: 1 });
  client.emit('orchestra.said', { n: 2 });
  expect(await heard.until((items) => items.length > 0)).toEqual([{ n: 2 }]);
});

test('of those in one queue, one answers; who has stopped does not', async () => {
  const bus = await (await startServer()).connect();
  let answered = 0;
  const count = () => (answered += 1);
  const stops = [
    bus.serve('orchestra.cmd.count', count, { queue: 'q' }),
    bus.serve('orchestra.cmd.count', count, { queue: 'q' }),
  ];
  await bus.request('orchestra.cmd.count', {});
  await bus.flush();
  expect(answered).toBe(1);
  for (const stop of stops) stop();
  await expect(bus.request('orchestra.cmd.count', {})).rejects.toMatchObject({ code: 'no-responder' });
});

test('an error in a listener is reported and the next message is heard', async () => {
  const bus = await (await startServer()).connect();
  const [heard, problems] = [new Arrivals<string>(), new Arrivals<BusError>()];
  bus.onProblem(problems.add);
  bus.subscribe('orchestra.said', (message) => {
    heard.add(message.text());
    if (message.text() === 'bad') throw new Error('oops');
  });
  bus.emit('orchestra.said', 'bad');
  bus.emit('orchestra.said', 'good');
  expect(await heard.until((items) => items.length === 2)).toEqual(['bad', 'good']);
  expect(problems.items.map(({ message }) => message)).toEqual([expect.stringContaining('oops')]);
});
