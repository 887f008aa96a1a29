/** The two ways from a publisher to an agent's handler that are compared: ours, and nats.js alone. */
import { readFile } from 'node:fs/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, nanos, nkeyAuthenticator } from '@nats-io/transport-node';
import { connectBus } from '../../src/bus/connect-bus.ts';
import { openMailbox } from '../../src/bus/mailbox.ts';
import { inboxStream, orchestraStreams } from '../../src/bus/stream-definitions.ts';
import { ensureStreams } from '../../src/bus/streams.ts';
import type { NatsServerProcess } from '../../src/nats-server/launch.ts';

/** A publisher and a consumer on connections of their own. */
export interface Path {
  readonly name: string;
  /** Resolves when the stream has stored it. */
  publish(text: string): Promise<unknown>;
  /** Takes away what was handled: an inbox takes only so much. */
  trim(): Promise<unknown>;
  close(): Promise<void>;
}

type Handler = (text: string) => void;

/** Makes the streams of an orchestra; both paths go over its inbox stream. */
export async function prepareStreams(server: NatsServerProcess): Promise<void> {
  const bus = await connectBus({ url: server.url, seed: await daemonSeed(server), name: 'preparation' });
  await ensureStreams(bus, orchestraStreams({ eventSubjects: ['orchestra.task.*.*'], scale: 0.1 }));
  await bus.close();
}

/** `bus.publish` to `openMailbox`: encoded envelope, ledger against second deliveries, confirmed acknowledgement. */
export async function orchestraPath(
  server: NatsServerProcess,
  agent: string,
  handler: Handler,
): Promise<Path> {
  const seed = await daemonSeed(server);
  const sender = await connectBus({ url: server.url, seed, name: 'sender' });
  const receiver = await connectBus({ url: server.url, seed, name: 'receiver' });
  const mailbox = await openMailbox(receiver, {
    agent,
    handler: ({ text }) => {
      handler(text);
      return 'handled';
    },
  });
  return {
    name: 'orchestra',
    publish: (text) => sender.publish(`orchestra.agent.${agent}.inbox`, { text }),
    // The mailbox does that itself.
    trim: async () => undefined,
    async close() {
      await mailbox.close();
      await Promise.all([sender.close(), receiver.close()]);
    },
  };
}

/** The same subject, stream and consumer settings with nats.js and nothing else; acknowledged without confirmation. */
export async function barePath(server: NatsServerProcess, agent: string, handler: Handler): Promise<Path> {
  const authenticator = nkeyAuthenticator(new TextEncoder().encode(await daemonSeed(server)));
  const options = { servers: server.url, authenticator, noAsyncTraces: true };
  const sender = await connect(options);
  const receiver = await connect(options);
  const manager = await jetstreamManager(receiver);
  const subject = `orchestra.agent.${agent}.inbox`;
  await manager.consumers.add(inboxStream, {
    durable_name: agent,
    filter_subjects: [subject],
    ack_policy: 'explicit',
    deliver_policy: 'all',
    ack_wait: nanos(30_000),
    max_ack_pending: 1,
  });
  const consumer = await jetstream(receiver).consumers.get(inboxStream, agent);
  const messages = await consumer.consume({ max_messages: 1 });
  const reading = (async () => {
    for await (const message of messages) {
      const { text } = message.json<{ text: string }>();
      handler(text);
      message.ack();
    }
  })();
  const publisher = jetstream(sender);
  return {
    name: 'bare nats.js',
    publish: (text) => publisher.publish(subject, JSON.stringify({ text })),
    trim: () => manager.streams.purge(inboxStream, { filter: subject }),
    async close() {
      messages.stop();
      await reading;
      await Promise.all([sender.close(), receiver.close()]);
    },
  };
}

async function daemonSeed(server: NatsServerProcess): Promise<string> {
  return (await readFile(server.seedFile('daemon'), 'utf8')).trim();
}
