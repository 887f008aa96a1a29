import { expect, test } from 'vitest';
import { isSecret } from '../../src/inspection/secret-names.ts';

test.each([
  'password',
  'dbPassword',
  'API_KEY',
  'apiKey',
  'key',
  'operatorKeys',
  'accessToken',
  'clientSecret',
  'Authorization',
  'set-cookie',
  'seed',
  'natsSeed',
  'credentials',
  'env',
  'environment',
  'agentEnv',
  'childEnv',
  'envs',
  'environ',
  'processEnv',
  'process_env',
  'auth',
  'basicAuth',
  'proxy_auth',
  'pwd',
  'MYSQL_PWD',
  'pass',
  'DB_PASS',
  'PGPASS',
  'pin',
  'userPin',
  'jwt',
  'JWTValue',
  'dsn',
  'SENTRY_DSN',
  'sid',
  'connect.sid',
  'pat',
  'GITHUB_PAT',
])('%s names a secret', (name) => {
  expect(isSecret(name, 'a')).toBe(true);
  expect(isSecret(name, { a: 1 })).toBe(true);
});

test('a fencing token is a number and no secret; a numeric password is one', () => {
  expect(isSecret('token', 7)).toBe(false);
  expect(isSecret('inputTokens', 7)).toBe(false);
  expect(isSecret('password', 7)).toBe(true);
  expect(isSecret('pin', 1234)).toBe(true);
  expect(isSecret('hasPassword', true)).toBe(false);
  expect(isSecret('password', null)).toBe(false);
});

test.each([
  'keyboard',
  'keystroke',
  'keyword',
  'name',
  'path',
  'state',
  'attempt',
  'envelope',
  'passes',
  'passed',
  'bypass',
  'compass',
  'pattern',
  'PATH',
  'patch',
  'author',
  'authority',
  'pinned',
  'spin',
  'side',
  'inside',
  'assignment',
])('%s names none', (name) => {
  expect(isSecret(name, 'a')).toBe(false);
});
