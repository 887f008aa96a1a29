/** Sizes as people write them (`512MB`, `4GB`), parsed to bytes. */
import { z } from 'zod';

const units = new Map([
  ['', 1],
  ['b', 1],
  ['kb', 1024],
  ['mb', 1024 ** 2],
  ['gb', 1024 ** 3],
]);

const hint = 'this is no size; write for example 512MB or 4GB';

/**
 * A size in a config file: a number of bytes, or text such as `64KB`, `512MB`, `4GB`. As nats-server does, a kilobyte is
 * taken for 1024 bytes.
 */
export const Size = z
  .union([z.number().nonnegative(hint), z.string()], { error: hint })
  .transform((value, context) => {
    const bytes = typeof value === 'number' ? Math.floor(value) : parse(value);
    if (bytes !== undefined && Number.isSafeInteger(bytes)) return bytes;
    context.addIssue({ code: 'custom', message: `"${value}" is no size; write for example 512MB or 4GB` });
    return z.NEVER;
  });

function parse(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const factor = units.get(unit.toLowerCase());
  return digits === '' || factor === undefined ? undefined : Math.floor(Number(digits) * factor);
}
