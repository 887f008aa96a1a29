/** Bodies of facts for tests, made from the table's own schemas: any text, with control characters and all. */
import fc from 'fast-check';
import { z } from 'zod';
import { type FactName, facts } from '../../src/events/facts.ts';

/** What has ever upset a terminal, a parser or a subject. */
const odd = fc.constantFrom(
  '\u001b[31mred',
  '\r\n',
  '\t',
  '\u202eright',
  '\u061c',
  'カエデ 🎹',
  '{{ x }}',
  '$(x)',
  'a.b.*.>',
  '\u0000',
  '\u2028',
  '',
);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  odd,
  fc.tuple(fc.string(), odd, fc.string()).map((parts) => parts.join('')),
);

const Shape = z.object({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  minLength: z.int().optional(),
  maxLength: z.int().optional(),
});

/** Values that fit a JSON schema, as far as the table of facts uses it. */
function valuesOf(schema: unknown): fc.Arbitrary<unknown> {
  const {
    type,
    enum: values,
    items,
    properties = {},
    required = [],
    minLength = 0,
    maxLength,
  } = Shape.parse(schema);
  if (values) return fc.constantFrom(...values);
  if (type === 'integer') return fc.integer();
  if (type === 'number') return fc.nat();
  if (type === 'array') return fc.array(valuesOf(items), { maxLength: 5 });
  if (type === 'object') {
    const entries = Object.entries(properties).map(([key, inner]) => [key, valuesOf(inner)] as const);
    return fc.record(Object.fromEntries(entries), { requiredKeys: required, noNullPrototype: true });
  }
  if (type !== 'string') throw new Error(`no values for ${JSON.stringify(schema)}`);
  return text.filter((value) => value.length >= minLength && value.length <= (maxLength ?? 8_192));
}

/** Bodies that a fact of this name may have. */
export const bodyOf = (name: FactName): fc.Arbitrary<unknown> =>
  valuesOf(z.toJSONSchema(facts[name].body, { io: 'input' }));
