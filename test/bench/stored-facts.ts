/** The facts of a daemon that has ended, read from its JetStream store by a nats-server of our own. */
import { readFile } from 'node:fs/promises';
import { connectBus } from '../../src/bus/connect-bus.ts';
import { readEvents } from '../../src/bus/read-events.ts';
import { type Fact, readFact } from '../../src/events/facts.ts';
import { launchServer } from './nats-server.ts';

/** Everything in ORCH_EVENTS, in the order stored. @throws Error for an event that is no fact of the table */
export async function readStoredFacts(directory: string): Promise<Fact[]> {
  const server = await launchServer(directory);
  try {
    const seed = (await readFile(server.seedFile('daemon'), 'utf8')).trim();
    const bus = await connectBus({ url: server.url, seed, name: 'reader of facts' });
    const facts: Fact[] = [];
    for await (const { subject, body } of readEvents(bus)) {
      const fact = readFact(subject, body);
      if (!fact) throw new Error(`${subject} is stored and is no fact: ${JSON.stringify(body)}`);
      facts.push(fact);
    }
    await bus.close();
    return facts;
  } finally {
    await server.stop(5_000);
  }
}
