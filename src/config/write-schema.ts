/** Writes config/orchestra.schema.json, which editors use to complete and check orchestra.yaml. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Config } from './config.ts';

/** The JSON schema's text, as it stands in the repository. */
export function configSchemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(Config, { io: 'input' }), null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = new URL('../../../config/orchestra.schema.json', import.meta.url);
  await writeFile(target, configSchemaText());
  process.stdout.write(`wrote ${fileURLToPath(target)}\n`);
}
