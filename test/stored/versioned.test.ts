/** Versions of stored records: older ones are upgraded, newer ones told from broken ones. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { newerVersion, versioned } from '../../src/stored/versioned.ts';

const Person = versioned({
  version: 3,
  schema: z.object({ name: z.string(), roles: z.array(z.string()) }),
  upgrades: {
    1: ({ called, ...person }) => ({ ...person, name: called }),
    2: ({ role, ...person }) => ({ ...person, roles: [role] }),
  },
});
const kaede = { version: 3, name: 'kaede', roles: ['codegen'] };

test.each([
  ['without a version', { called: 'kaede', role: 'codegen' }],
  ['of version 1', { version: 1, called: 'kaede', role: 'codegen' }],
  ['of version 2', { version: 2, name: 'kaede', role: 'codegen' }],
  ['of today', kaede],
])('a record %s is read as one of today', (_, stored) => {
  const before = structuredClone(stored);
  expect(Person.parse(stored)).toEqual(kaede);
  expect(stored).toEqual(before);
});

test('a newer record is refused, and the refusal says which version it has', () => {
  const { error } = Person.safeParse({ version: 4, whatever: true });
  expect(error && newerVersion(error)).toBe(4);
  expect(error?.issues).toHaveLength(1);
  expect(error?.issues[0]).toMatchObject({
    path: ['version'],
    message: '4, written by a newer orchestra; this one reads up to 3',
  });
});

test.each([
  ['null', null],
  ['a text', 'kaede'],
  ['a list', [kaede]],
  ['a version of 0', { ...kaede, version: 0 }],
  ['half a version', { ...kaede, version: 1.5 }],
  ['a version in letters', { ...kaede, version: '3' }],
  ['a field that is not what it was', { version: 1, called: 7, role: 'codegen' }],
  ['a missing field', { version: 3, name: 'kaede' }],
])('%s is broken, not newer', (_, stored) => {
  const { success, error } = Person.safeParse(stored);
  expect(success).toBe(false);
  expect(error && newerVersion(error)).toBeUndefined();
});

test('an upgrade that cannot cope refuses the record and harms nobody else', () => {
  const Strict = versioned({
    version: 2,
    schema: z.object({ size: z.number() }),
    upgrades: { 1: ({ text }) => ({ size: (text as string).length }) },
  });
  expect(Strict.parse({ text: 'four' })).toEqual({ version: 2, size: 4 });
  expect(Strict.safeParse({}).error?.issues[0]?.message).toMatch(/^not a record of version 1: /u);
});

test('an upgrade that is missing is noticed when the record is defined', () => {
  expect(() => versioned({ version: 3, schema: z.object({}), upgrades: { 1: (old) => old } })).toThrow(
    'no upgrade from version 2 to 3',
  );
});
