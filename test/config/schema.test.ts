/** The JSON schema in the repository: the one that the zod schema makes, with a description for every key. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configSchemaText } from '../../src/config/write-schema.ts';

const file = join(import.meta.dirname, '..', '..', 'config', 'orchestra.schema.json');

test('config/orchestra.schema.json is what `npm run schema` writes', async () => {
  expect(await readFile(file, 'utf8')).toBe(configSchemaText());
});

test('editors get descriptions, and complete no key that is not there', async () => {
  const schema = JSON.parse(await readFile(file, 'utf8'));
  expect(schema).toMatchObject({
    type: 'object',
    required: ['agents'],
    additionalProperties: false,
    properties: {
      flow: { description: expect.stringContaining('stages') },
      watchdog: { properties: { stall: { description: expect.stringContaining('nudged') } } },
      nats: { properties: { port: { description: expect.any(String), maximum: 65_535 } } },
    },
  });
});
