/** Facts while there is no bus: a bounded memory, and a word on how many had to go. */
import { expect, test } from 'vitest';
import { FactOutlet } from '../../src/actors/fact-outlet.ts';
import { createOutbox } from '../../src/bus/outbox.ts';
import { patientManager, startOrchestra } from '../bus/real-bus.ts';

const subject = 'orchestra.task.t.happened';

test('what does not fit is counted, and told once as soon as there is room', {
  timeout: 300_000,
}, async () => {
  const { bus } = await startOrchestra();
  const lost: number[] = [];
  const outlet: FactOutlet = new FactOutlet((facts) => {
    lost.push(facts);
    outlet.enqueue(subject, { lost: facts });
  });
  for (let n = 0; n < 10_007; n += 1) outlet.enqueue(subject, { n });
  expect(lost).toEqual([]);
  const outbox = createOutbox(bus, {});
  outlet.connect(outbox);
  expect(await outbox.flush(240_000)).toBe(0);
  for (const n of ['next', 'last']) outlet.enqueue(subject, { n });
  expect(await outbox.flush(60_000)).toBe(0);
  expect(lost).toEqual([7]);
  const { state } = await (await patientManager(bus)).streams.info('ORCH_EVENTS');
  expect(state.messages).toBe(10_003);
});
