/** The known key that a mistyped one probably meant, for error messages. */
import { z } from 'zod';
import { Config } from './config.ts';

/** `; did you mean "x"?` for the nearest known key at that place, or an empty string. */
export function suggestKey(path: readonly (string | number)[]): string {
  const typed = String(path.at(-1) ?? '');
  const known = knownKeys(path.slice(0, -1));
  const nearest = known
    .map((key) => ({ key, distance: editDistance(typed.toLowerCase(), key.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (nearest && nearest.distance <= Math.max(2, Math.floor(typed.length / 3)))
    return `; did you mean "${nearest.key}"?`;
  return known.length > 0 ? `; known here: ${known.join(', ')}` : '';
}

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

function knownKeys(path: readonly (string | number)[]): string[] {
  let schemas: JsonSchema[] = [z.toJSONSchema(Config, { io: 'input' }) as JsonSchema];
  for (const part of path) {
    schemas = schemas.flatMap(alternatives).flatMap((schema) => {
      if (typeof part === 'number') return schema.items ? [schema.items] : [];
      const next = schema.properties?.[part] ?? schema.additionalProperties;
      return typeof next === 'object' ? [next] : [];
    });
  }
  return [
    ...new Set(schemas.flatMap(alternatives).flatMap((schema) => Object.keys(schema.properties ?? {}))),
  ];
}

const alternatives = (schema: JsonSchema): JsonSchema[] => [
  schema,
  ...(schema.anyOf ?? []),
  ...(schema.oneOf ?? []),
];

/** Levenshtein's distance: the fewest insertions, deletions and replacements of one character. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, replaced));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
