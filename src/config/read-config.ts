/** From a YAML file to a checked configuration; every fault is named with its line and column. */
import { readFile } from 'node:fs/promises';
import type { Document } from 'yaml';
import { isCollection, isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { Config } from './config.ts';
import { ConfigError, type ConfigFault } from './config-error.ts';
import { suggestKey } from './suggest-key.ts';

/**
 * Reads and checks a config file.
 * @throws ConfigError `not-found`, `unreadable`, or `invalid` with all faults.
 */
export async function readConfig(file: string): Promise<Config> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw missing
      ? new ConfigError(
          'not-found',
          `${file} is not there; name a config file with --config, or run in a project that has config/orchestra.yaml`,
          [],
          cause,
        )
      : new ConfigError('unreadable', `${file} cannot be read: ${(cause as Error).message}`, [], cause);
  }
  return parseConfig(text, file);
}

/**
 * Parses a config's text; `file` is used in messages only.
 * @throws ConfigError `invalid` with all faults.
 */
export function parseConfig(text: string, file: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    const faults = document.errors.map((error) => ({ ...at(error.pos[0]), key: '', message: error.message }));
    throw new ConfigError('invalid', 'The configuration is not valid YAML:', faults);
  }
  const parsed = Config.safeParse(valuesOf(document, at) ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.flatMap((issue) => faultsOf(issue, document, at));
  throw new ConfigError('invalid', 'The configuration has faults:', faults);
}

type Place = Pick<ConfigFault, 'file' | 'line' | 'column'>;

/** The document as plain values. @throws ConfigError for an alias without an anchor, and for too many of them. */
function valuesOf(document: Document, at: (offset: number) => Place): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    let offset = 0;
    visit(document, {
      Alias(_key, alias) {
        if (alias.resolve(document)) return;
        offset = alias.range?.[0] ?? 0;
        return visit.BREAK;
      },
    });
    const fault = { ...at(offset), key: '', message: (cause as Error).message };
    throw new ConfigError('invalid', 'The configuration is not valid YAML:', [fault], cause);
  }
}

function faultsOf(issue: z.core.$ZodIssue, document: Document, at: (offset: number) => Place): ConfigFault[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const full = [...path, key];
      return {
        ...at(offsetOf(document, full)),
        key: full.join('.'),
        message: `unknown key${suggestKey(full)}`,
      };
    });
  }
  const message =
    issue.code === 'invalid_key' ? issue.issues.map((inner) => inner.message).join('; ') : issue.message;
  return [{ ...at(offsetOf(document, path)), key: path.join('.'), message }];
}

/** Where the key (or, in a list, the item) of a path stands; the nearest parent that exists when it is missing. */
function offsetOf(document: Document, path: (string | number)[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(last));
      if (pair && isScalar(pair.key) && pair.key.range) return pair.key.range[0];
    } else if (isCollection(parent)) {
      const node = document.getIn(path.slice(0, length), true);
      if ((isScalar(node) || isCollection(node)) && node.range) return node.range[0];
    }
  }
  return 0;
}
