import { expect, test } from 'vitest';
import { browserPlace } from '../../src/cli/inspect/browser-place.ts';

const at = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv) =>
  browserPlace({ platform, env, user: 'miyabi' });

test.each([
  ['linux', { DISPLAY: ':0' }],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }],
  ['darwin', {}],
] as const)('a screen is here: %s %o', (platform, env) => {
  expect(at(platform, env)).toEqual({ place: 'here' });
});

test('a server without a screen', () => {
  expect(at('linux', {})).toEqual({ place: 'unknown' });
});

test.each([
  ['10.0.0.9 50000 10.0.0.1 22', 'ssh -N -L 4444:127.0.0.1:4444 miyabi@10.0.0.1'],
  ['10.0.0.9 50000 10.0.0.1 2222', 'ssh -N -p 2222 -L 4444:127.0.0.1:4444 miyabi@10.0.0.1'],
  ['fe80::1 50000 fd00::2 22', 'ssh -N -L 4444:127.0.0.1:4444 miyabi@fd00::2'],
])('over SSH the browser is elsewhere, whatever screen the server has: %s', (connection, command) => {
  const browser = at('linux', { SSH_CONNECTION: connection, DISPLAY: ':0' });
  expect(browser.place === 'remote' && browser.tunnel('4444')).toBe(command);
});
