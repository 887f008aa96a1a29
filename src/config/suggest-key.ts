/** The known key that a mistyped one probably meant, for error messages. */
import { z } from 'zod';
import { nearestName } from '../text/nearest-name.ts';
import { Config } from './config.ts';

/** `; did you mean "x"?` for the nearest known key at that place, or an empty string. */
export function suggestKey(path: readonly (string | number)[]): string {
  const typed = String(path.at(-1) ?? '');
  const known = knownKeys(path.slice(0, -1));
  const nearest = nearestName(typed, known);
  if (nearest !== undefined) return `; did you mean "${nearest}"?`;
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
