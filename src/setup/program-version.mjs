/** Asks programs for their version, and remembers the answer for as long as the program's file stays the same. */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { runCommand } from './run-command.mjs';
import { parseVersion } from './version.mjs';

/**
 * Asks a program for its version.
 * @callback VersionReader
 * @param {string} program absolute path
 * @param {string} flag for example `-V`
 * @returns {Promise<string | undefined>} three numbers, or undefined when the file does not answer like a program of ours
 */

/** @type {VersionReader} */
export async function readVersion(program, flag) {
  const { ok, output } = await runCommand(program, [flag], { timeoutMs: 30_000 });
  return ok ? parseVersion(output) : undefined;
}

/**
 * A reader that keeps its answers in a file, because starting three programs costs more than the rest of a set-up
 * that has nothing to do. An answer holds for a path, size and modification time.
 * @param {string} file where the answers are kept; its folder is made
 * @param {VersionReader} [read]
 * @returns {VersionReader}
 */
export function rememberVersions(file, read = readVersion) {
  return async (program, flag) => {
    const { mtimeMs, size } = statSync(program);
    const key = [program, flag, size, mtimeMs].join(' ');
    const known = readAnswers(file);
    const answer = known[key] ?? (await read(program, flag));
    if (answer !== undefined && known[key] === undefined)
      writeAnswers(file, { ...readAnswers(file), [key]: answer });
    return answer;
  };
}

/**
 * @param {string} file
 * @returns {Record<string, string>} empty when there is no readable file: it is only a cache
 */
function readAnswers(file) {
  try {
    const parsed = JSON.parse(readFileSync(file, 'utf8'));
    return Object.fromEntries(Object.entries(parsed).filter(([, answer]) => typeof answer === 'string'));
  } catch {
    return {};
  }
}

/**
 * A cache that cannot be written (someone else's node_modules) costs time and nothing else.
 * @param {string} file
 * @param {Record<string, string>} answers
 */
function writeAnswers(file, answers) {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(answers, null, 2));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // The programs are asked again next time.
  }
}
