import { expect, test } from 'vitest';
import { isSecret, redactText } from '../../src/inspection/redaction.ts';

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
])('%s names a secret', (name) => {
  expect(isSecret(name, 'a')).toBe(true);
  expect(isSecret(name, { a: 1 })).toBe(true);
});

test('a fencing token is a number and no secret; a numeric password is one', () => {
  expect(isSecret('token', 7)).toBe(false);
  expect(isSecret('inputTokens', 7)).toBe(false);
  expect(isSecret('password', 7)).toBe(true);
  expect(isSecret('hasPassword', true)).toBe(false);
  expect(isSecret('password', null)).toBe(false);
});

test.each(['keyboard', 'keystroke', 'name', 'path', 'state', 'attempt', 'envelope'])(
  '%s names none',
  (name) => {
    expect(isSecret(name, 'a')).toBe(false);
  },
);

test.each([
  ['a NATS seed', 'SUAGJ3NKXVOVFYOEVXTSRFNHLVGJK54CF4HWRJL3R4OYKKSDGTU7QFGV6A'],
  ['a token of GitHub', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'],
  ['a fine-grained one', 'github_pat_11ABCDEFG0_abcdefghijklmnop'],
  ['one of a maker of models', 'sk-ant-REDACTED'],
  ['one of AWS', 'AKIAIOSFODNN7EXAMPLE'],
  ['a JSON web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N'],
  ['a bearer', 'Bearer abc.def-ghi'],
  ['a password in an address', 'hunter2hunter2@'],
])('%s is found inside other text', (_what, secret) => {
  const text = `it failed at https://user:${secret}.example and again with ${secret} there`;
  const shown = redactText(secret.endsWith('@') ? `at https://user:${secret}host` : text);
  expect(shown).not.toContain(secret);
  expect(shown).toContain('[redacted]');
});

test.each([
  ['password=hunter2', 'password=[redacted]'],
  ['{"apiKey": "abcdef"}', '{"apiKey": "[redacted]"}'],
  ['run --api-key abcdef now', 'run --api-key [redacted] now'],
  ['token: abcdef', 'token: [redacted]'],
])('%s', (text, shown) => {
  expect(redactText(text)).toBe(shown);
});

test('a private key is replaced to its end, also when the end was cut off', () => {
  const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAA\n';
  expect(redactText(`${key}-----END OPENSSH PRIVATE KEY-----\nrest`)).toBe('[redacted]\nrest');
  expect(redactText(key)).toBe('[redacted]');
});

test.each([
  'the token has expired',
  'kaede takes task 12 at stage codegen',
  'ensemble/agents/agent:kaede/pane',
  '2026-11-22T18:34:04.734Z',
  'see https://example.org/a?b=c',
])('%s is left as it is', (text) => {
  expect(redactText(text)).toBe(text);
  expect(redactText(text)).toBe(text);
});
