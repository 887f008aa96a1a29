/** Lets one set-up of a repository work at a time, by a file that holds its process id. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SetUpProblem } from './set-up-problem.mjs';

/** Longer than an installation takes on a slow line; then a person had better look. */
const patienceMs = 10 * 60_000;

/**
 * Waits for the lock, holds it during `work`, and gives it back. The lock of a process that died is taken over.
 * @template T
 * @param {string} file
 * @param {(line: string) => void} say
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSetUpLock(file, say, work) {
  mkdirSync(dirname(file), { recursive: true });
  const giveUpAt = Date.now() + patienceMs;
  let told = false;
  while (!tryLock(file)) {
    const holder = readHolder(file);
    if (holder !== undefined && !isAlive(holder)) {
      removeStale(file, holder);
      continue;
    }
    if (Date.now() > giveUpAt) {
      throw new SetUpProblem(
        `Another set-up has held ${file} for 10 minutes: if process ${holder} is not one, run rm ${file}.`,
      );
    }
    if (!told && holder !== undefined) say(`Waiting for another set-up of this folder (process ${holder})`);
    told = told || holder !== undefined;
    await delay(100);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * Linking a written file makes the lock appear with its content, so no one ever reads it half made.
 * @param {string} file
 * @returns {boolean} false when someone holds it
 */
function tryLock(file) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (isFileError(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Moves the lock aside before deleting it: of several who saw the same dead holder only one takes each file away,
 * and whoever took away a lock that is newer than what it saw puts it back.
 * @param {string} file
 * @param {number} deadHolder
 */
function removeStale(file, deadHolder) {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return;
    throw error;
  }
  if (Object.is(readHolder(aside), deadHolder)) rmSync(aside);
  else renameSync(aside, file);
}

/**
 * @param {string} file
 * @returns {number | undefined} undefined when the lock was given back in the meantime
 */
function readHolder(file) {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10);
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * @param {number} pid
 * @returns {boolean}
 */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isFileError(error, 'EPERM');
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 * @returns {boolean}
 */
function isFileError(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}
