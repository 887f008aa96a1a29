import { expect, test } from 'vitest';
import { defaultLimits } from '../../src/nats-server/limits.ts';
import { renderServerConfig } from '../../src/nats-server/server-config.ts';
import { storeFolder } from '../../src/nats-server/store-folder.ts';

const base = {
  folder: storeFolder('/state/nats'),
  port: 20_000,
  limits: defaultLimits,
  keys: new Map<string, string>(),
};

test('the config listens on loopback only, without a monitor and without a user for those who have no key', () => {
  const config = renderServerConfig(base);
  expect(config).toMatch(/^host: 127\.0\.0\.1$/m);
  expect(config).not.toMatch(/no_auth_user|http|leafnodes|cluster/);
});

test('only agents are limited to their subjects', () => {
  const config = renderServerConfig({
    ...base,
    keys: new Map([
      ['daemon', 'UD'],
      ['operator', 'UO'],
      ['kaede', 'UK'],
    ]),
  });
  expect(config).toContain('{ nkey: UD } # daemon');
  expect(config).toContain('{ nkey: UO } # operator');
  expect(config).toMatch(
    /\{ nkey: UK, permissions: \{ publish: \[.*\.kaede\..*\], subscribe: \[.*\], allow_responses: .* \} \} # kaede/,
  );
});

test('every write can be forced to the disk', () => {
  const config = renderServerConfig({ ...base, limits: { ...defaultLimits, syncIntervalMs: 'always' } });
  expect(config).toContain('sync_interval: always');
});
