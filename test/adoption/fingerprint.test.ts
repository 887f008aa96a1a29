/** What makes a living program another one than today's configuration would start. */
import { expect, test } from 'vitest';
import { fingerprintOf, type ProgramOrigin } from '../../src/adoption/fingerprint.ts';
import { AgentConfig } from '../../src/config/agent-config.ts';

const agent = {
  adapter: 'command',
  roles: ['codegen'],
  command: ['claude'],
  environment: { A: '1', B: '2' },
};
const origin = (changes: object = {}, rest: Partial<ProgramOrigin> = {}): string =>
  fingerprintOf({
    config: AgentConfig.parse({ ...agent, ...changes }),
    natsUrl: 'nats://127.0.0.1:4000',
    key: '/state/nats/keys/kaede',
    version: '0.1.0',
    ...rest,
  });

test('it is the same for the same program, whatever it is called and however its variables are ordered', () => {
  expect(origin({ title: 'カエデ', symbol: '🎹' })).toBe(origin());
  expect(origin({ environment: { B: '2', A: '1' } })).toBe(origin());
  expect(origin({}, { version: '0.9.3' })).toBe(origin());
});

test.each([
  { command: ['claude', '--resume'] },
  { mode: 'kept' },
  { roles: ['codegen', 'review'] },
  { environment: { A: '1' } },
  { environment: { A: '1', B: 'other' } },
])('it is another with %j', (changes) => {
  expect(origin(changes)).not.toBe(origin());
});

test('it is another with another bus, key or major version', () => {
  expect(origin({}, { natsUrl: 'nats://127.0.0.1:4001' })).not.toBe(origin());
  expect(origin({}, { key: '/elsewhere/kaede' })).not.toBe(origin());
  expect(origin({}, { version: '1.0.0' })).not.toBe(origin());
});

test('no value of its variables can be read from it', () => {
  expect(origin({ environment: { TOKEN: 'sesame' } })).toMatch(/^[0-9a-f]{64}$/u);
});
