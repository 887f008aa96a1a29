import { expect, test } from 'vitest';
import { briefText, redactText } from '../../src/inspection/redaction.ts';

test.each([
  ['a NATS seed', 'SUAGJ3NKXVOVFYOEVXTSRFNHLVGJK54CF4HWRJL3R4OYKKSDGTU7QFGV6A'],
  ['a token of GitHub', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'],
  ['a fine-grained one', 'github_pat_11ABCDEFG0_abcdefghijklmnop'],
  ['one of GitLab', 'glpat-abcdefghijklmnopqrst'],
  ['one of Slack', 'xoxb-123456789012-abcdefghijkl'],
  ['one of a Slack app', 'xapp-1-A0123456789-abcdefghijkl'],
  ['one of a maker of models', 'sk-ant-REDACTED'],
  ['another of one', 'sk-abcdefghijklmnopqrst0123456789'],
  ['one of AWS', 'AKIAIOSFODNN7EXAMPLE'],
  ['one of Google', 'AIzaSyA-abcdefghijklmnopqrstuvwxyz01234'],
  ['one of Hugging Face', 'hf_abcdefghijklmnopqrstuvwxyz01234567'],
  ['one of npm', 'npm_abcdefghijklmnopqrstuvwxyz0123456789'],
  ['one of PyPI', 'pypi-AgEIcHlwaS5vcmcCJGFiY2RlZmdo'],
  ['one of DigitalOcean', 'dop_v1_0123456789abcdef0123456789abcdef'],
  ['a JSON web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N'],
])('%s is found inside other text, also right behind a letter', (_what, secret) => {
  const text = `it failed at https://user:${secret}.example, with ${secret}\\n${secret} and x${secret}, k_${secret}`;
  const shown = redactText(text);
  expect(shown).not.toContain(secret.slice(0, 12));
  expect(shown).toContain('[redacted]');
});

test('a bearer is found', () => {
  expect(redactText('with Bearer abc.def-ghi there')).toBe('with [redacted] there');
  expect(redactText('first line\\nBearer abc.def-ghi')).toBe('first line\\n[redacted]');
});

const secret = 'S3CR3T';

test.each([
  // Assignments, as in an environment.
  `password=${secret}`,
  `DB_PASS=${secret}`,
  `OPENAI_KEY=${secret}`,
  `ENCRYPTION_KEY=${secret}`,
  `SSH_KEY=${secret}`,
  `GITHUB_PAT=${secret}`,
  `export MYSQL_PWD=${secret}`,
  `SENTRY_DSN=${secret}`,
  `MY_JWT_2=${secret}`,
  `DB_PASS=a,b;c&${secret}`,
  `DB_PASS=a"b c ${secret}"`,
  `DB_PASS="two words, and ${secret}"`,
  `DB_PASS='two words, and ${secret}'`,
  `DB_PASS="cut off, and ${secret}`,
  `first line\\nDB_PASS=${secret}`,
  `first line\\npin=${secret}`,
  `note: password=${secret}`,
  `a=b: token=${secret}`,
  `basic password: ${secret}`,
  `:password => "${secret}"`,
  `spring.datasource.password: ${secret}`,
  `password=[redacted]${secret}`,
  // JSON, and JSON in strings.
  `{"password":"${secret}"}`,
  `{"password": "with \\" and ${secret}"}`,
  `{"pass": "${secret}"}`,
  `{\\"password\\":\\"${secret}\\"}`,
  `{\\"password\\":\\"a b, ${secret}\\"}`,
  `{\\\\\\"password\\\\\\":\\\\\\"a ${secret}\\\\\\"}`,
  `{"tokens":["a","${secret}"]}`,
  `{"env":{"ANY":"${secret}"}}`,
  `{\\"childEnv\\":{\\"ANY\\":\\"${secret}\\"}}`,
  `{"name":"Authorization","value":"${secret}"}`,
  `["Authorization","${secret}"]`,
  `["--api-key","${secret}"]`,
  // Headers.
  `Authorization: token ${secret}`,
  `authorization: Digest username="bob", realm="x", response="${secret}"`,
  `Proxy-Authorization: Negotiate ${secret}`,
  `Cookie: theme=dark; session=${secret}; ${secret}`,
  `Set-Cookie: a="b c"; d=${secret}`,
  `curl -H 'Authorization: token ${secret}' host`,
  `curl -H "X-Api-Key: ${secret}" host`,
  // Addresses.
  `https://u:${secret}@host`,
  `https://u:p@${secret}@host`,
  `postgres://user:p/${secret}@host/db`,
  `postgres://user:1/${secret}@host/db`,
  `https://${secret}@host/@scope/name`,
  `redis://:${secret}@host`,
  `"url":"https:\\/\\/u:${secret}@host"`,
  // Options.
  `curl -u bob:${secret} host`,
  `curl -ubob:${secret} host`,
  `curl -u "bob smith:x ${secret}" host`,
  `curl --user bob:${secret} host`,
  `curl --proxy-user=bob:${secret} host`,
  `run --auth=${secret}`,
  `run --pass ${secret}`,
  `run --pass "a b, ${secret}"`,
  `run --api-key=${secret}`,
  `run --token --password ${secret}`,
  `run -storepass ${secret}`,
])('%s', (text) => {
  const shown = redactText(text);
  expect(shown).not.toContain(secret);
  expect(shown).toContain('[redacted]');
});

test.each([
  ['password=hunter2', 'password=[redacted]'],
  ['{"apiKey": "abcdef"}', '{"apiKey": "[redacted]"}'],
  ['{\\"apiKey\\":\\"abcdef\\",\\"a\\":1}', '{\\"apiKey\\":\\"[redacted]\\",\\"a\\":1}'],
  ['run --api-key abcdef now', 'run --api-key [redacted] now'],
  ['token: abcdef', 'token: [redacted]'],
  ['A=1 DB_PASS="a b" B=2', 'A=1 DB_PASS="[redacted]" B=2'],
  ['Cookie: a=b; c=d\nHost: example.org', 'Cookie: [redacted]\nHost: example.org'],
  ['at https://u:p@host/path?', 'at https://[redacted]@host/path?'],
])('%s keeps all else', (text, shown) => {
  expect(redactText(text)).toBe(shown);
  expect(redactText(shown)).toBe(shown);
});

test('a private key is replaced to its end, also when the end was cut off', () => {
  const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAA\n';
  expect(redactText(`${key}-----END OPENSSH PRIVATE KEY-----\nrest`)).toBe('[redacted]\nrest');
  expect(redactText(key)).toBe('[redacted]');
  expect(redactText(`SSH_KEY=${key}`)).not.toContain('b3Blb');
});

test.each([
  'the token has expired',
  'kaede takes task 12 at stage codegen',
  'ensemble/agents/agent:kaede/pane',
  '2026-11-22T18:34:04.734Z',
  'see https://example.org/a?b=c',
  'see https://registry.npmjs.org/@scope/name',
  'mail bob@example.org',
  'token: 7, then token=8',
  '{"token":7,"path":"a"}',
  'all passes: done; pattern=a* author: bob keyboard=us PATH=/bin',
  'PASS: test/a.test.ts',
  'it uses `token`, not `$PWD`, and "password", which is long',
  'NODE_ENV=production npm_config_registry=x',
  'task-codegen-12-review-again, disk-usage-report-of-today',
  'keyJournal.entries of the monkeyJungle',
  'docker run -p 80:80 -v a:b',
])('%s is left as it is', (text) => {
  expect(redactText(text)).toBe(text);
  expect(redactText(text)).toBe(text);
});

test.each([
  ['a token', `ghp_${'a'.repeat(36)}`],
  ['an address', `https://bob:${'hunter2'.repeat(5)}@host`],
  ['a value', `password="two words ${'hunter2'.repeat(5)}"`],
])('wherever a text is cut, %s in it shows nothing', (_what, whole) => {
  const filler = `ghp_${'b'.repeat(195)} `.repeat(20).slice(0, 3_960);
  for (let shift = 0; shift < 100; shift += 1) {
    const text = `${'-'.repeat(shift)} ${filler} ${whole} ${'rest '.repeat(1_000)}`;
    const shown = briefText(text, 1_000);
    expect(shown.length).toBeLessThan(1_100);
    expect(shown).not.toMatch(/ghp|hunt|b{5}/);
  }
});

test('a text that is cut says how long it was', () => {
  expect(briefText('x'.repeat(5_000), 1_000)).toBe(`${'x'.repeat(1_000)}… (5000 characters)`);
  expect(briefText('short', 1_000)).toBe('short');
  expect(briefText('x y '.repeat(10_000), 3)).toBe('x y… (40000 characters)');
  expect(briefText('x'.repeat(5_000), 0)).toBe('… (5000 characters)');
});
