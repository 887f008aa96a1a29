import { test } from 'vitest';
import { nanos } from '@nats-io/transport-node';
import { openMailbox } from '../../src/bus/mailbox.ts';
import { startOrchestra } from './real-bus.ts';
const q = (xs: number[], p: number) => Math.round([...xs].sort((a, b) => a - b)[Math.floor(xs.length * p)]! * 1000);
test('bench', async () => {
  const { server, bus } = await startOrchestra();
  const pub = await server.connect('operator');
  const js = pub.connection.jetstream;
  await bus.connection.manager.consumers.add('ORCH_INBOX', { durable_name: 'bare', ack_policy: 'explicit', max_ack_pending: 1, filter_subjects: ['orchestra.agent.bare.inbox','orchestra.agent.bare.inbox.*'], ack_wait: nanos(30000) });
  const c = await bus.connection.jetstream.consumers.get('ORCH_INBOX', 'bare');
  let got: () => void = () => {};
  await c.consume({ callback: (m) => { got(); m.ack(); } });
  await bus.connection.manager.consumers.add('ORCH_INBOX', { durable_name: 'fetch', ack_policy: 'explicit', max_ack_pending: 1, filter_subjects: ['orchestra.agent.fetch.inbox','orchestra.agent.fetch.inbox.*'], ack_wait: nanos(30000) });
  const f = await bus.connection.jetstream.consumers.get('ORCH_INBOX', 'fetch');
  void (async () => { for (;;) { const it = await f.fetch({ max_messages: 1, expires: 30_000, bind: true }); for await (const m of it) { got(); m.ack(); break; } } })().catch(() => {});
  await openMailbox(bus, { agent: 'kaede', handler: () => { got(); return 'handled'; } });
  const body = 'x'.repeat(200);
  let id = 0;
  const kinds: Record<string, () => Promise<unknown>> = {
    'raw>consume': () => js.publish('orchestra.agent.bare.inbox', body, { msgID: `b${id++}` }),
    'raw>fetch': () => js.publish('orchestra.agent.fetch.inbox', body, { msgID: `b${id++}` }),
    'bus>consume': () => pub.publish('orchestra.agent.bare.inbox', body),
    'raw>mailbox': () => js.publish('orchestra.agent.kaede.inbox', body, { msgID: `b${id++}` }),
    'bus>mailbox': () => pub.publish('orchestra.agent.kaede.inbox', body),
  };
  for (let round = 0; round < 3; round++) {
    const t: Record<string, number[]> = {};
    for (let i = 0; i < 200; i++) for (const [k, send] of Object.entries(kinds)) {
      const p = new Promise<void>((r) => { got = r; }); const s = performance.now();
      await Promise.all([send(), p.then(() => (t[k] ??= []).push(performance.now() - s))]);
      await new Promise((r) => setTimeout(r, 8));
    }
    console.log(Object.entries(t).map(([k, v]) => `${k} ${q(v, .5)}/${q(v,.95)}`).join('  '));
  }
});
