/** A wall clock that is put back by hours while nats-server dies: found by the chaos suite (seed 41). */
import { afterEach, expect, test, vi } from 'vitest';
import { startOrchestra } from './real-bus.ts';

afterEach(() => vi.restoreAllMocks());

test.each([-3, 3])('the connection comes back at once after a jump of the clock by %i h', async (hours) => {
  const { server, bus } = await startOrchestra();
  const now = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => now() + hours * 3_600_000);
  for (let time = 0; time < 2; time += 1) {
    await server.crash();
    const receipt = await bus.publish('orchestra.task.1.claimed', {}, { deadline: 20_000 });
    expect(receipt.sequence).toBe(time + 1);
  }
});
