/** dist, made from the sources: everything tsc compiles, the page's bundle, every other file as it is, and nothing else. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { buildPage, isOnlyBundled, pageInputs, pageIsThere } from './page.mjs';
import { runCommand } from './run-command.mjs';
import { SetUpProblem } from './set-up-problem.mjs';
import { listFiles, listSources, sourceFolders } from './sources.mjs';

/** What the compiler and the bundler read besides the sources. */
const compilerInputs = ['tsconfig.json', 'package.json', 'package-lock.json', ...pageInputs];

/**
 * @param {string} root the repository
 * @returns {import('./set-up-step.mjs').SetUpStep}
 */
export function build(root) {
  return { isDone: async () => isBuilt(root), perform: (say) => buildDist(root, say) };
}

/**
 * Whether dist was made from the sources as they are now, by their names, sizes and times.
 * @param {string} root
 * @returns {boolean}
 */
function isBuilt(root) {
  const sources = listSources(root);
  return (
    readStamp(root) === fingerprint(root, sources) &&
    inDist(sources).every(({ output }) => existsSync(join(root, 'dist', output))) &&
    pageIsThere(root)
  );
}

/**
 * @param {string} root
 * @param {(line: string) => void} say
 */
async function buildDist(root, say) {
  const dist = join(root, 'dist');
  say(`Compiling into ${dist}`);
  const all = listSources(root);
  const sources = inDist(all);
  const stamp = fingerprint(root, all);
  rmSync(stampFile(root), { force: true });
  const isIncomplete = sources.some(({ output, compiled }) => compiled && !existsSync(join(dist, output)));
  // The compiler believes its own notes, not dist: without them it writes every file again.
  if (isIncomplete) rmSync(join(dist, '.tsbuildinfo'), { force: true });

  const { ok, output } = await runCommand(
    process.execPath,
    [join(root, 'node_modules', 'typescript', 'bin', 'tsc')],
    { cwd: root },
  );
  if (!ok)
    throw new SetUpProblem('The sources do not compile: correct what tsc says.', {
      details: output,
      exitCode: 1,
    });

  for (const source of sources) finishOutput(root, source);
  removeLeftovers(dist, sources);
  await buildPage(root);
  writeFileSync(stampFile(root), stamp);
}

/**
 * The sources that each become a file in dist.
 * @param {import('./sources.mjs').SourceFile[]} sources
 * @returns {import('./sources.mjs').SourceFile[]}
 */
function inDist(sources) {
  return sources.filter(({ path }) => !isOnlyBundled(path));
}

/**
 * Copies what tsc does not write, and carries the executable bit over to what it does.
 * @param {string} root
 * @param {import('./sources.mjs').SourceFile} source
 */
function finishOutput(root, { path, output, compiled, mode }) {
  const target = join(root, 'dist', output);
  if (!compiled) {
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(root, path), target);
  }
  if ((statSync(target).mode & 0o111) !== (mode & 0o111)) chmodSync(target, mode & 0o777);
}

/**
 * @param {string} dist
 * @param {import('./sources.mjs').SourceFile[]} sources
 */
function removeLeftovers(dist, sources) {
  const expected = new Set(
    sources.flatMap(({ output, compiled }) => (compiled ? [output, `${output}.map`] : [output])),
  );
  for (const file of sourceFolders.flatMap((folder) => listFiles(dist, folder))) {
    if (!expected.has(file)) rmSync(join(dist, file));
  }
}

/**
 * @param {string} root
 * @param {import('./sources.mjs').SourceFile[]} sources
 * @returns {string}
 */
function fingerprint(root, sources) {
  const hash = createHash('sha256');
  for (const name of compilerInputs)
    hash.update(`${name} ${statSync(join(root, name), { throwIfNoEntry: false })?.mtimeMs}\n`);
  for (const { path, size, mtimeMs, mode } of sources) hash.update(`${path} ${size} ${mtimeMs} ${mode}\n`);
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @returns {string | undefined}
 */
function readStamp(root) {
  return existsSync(stampFile(root)) ? readFileSync(stampFile(root), 'utf8') : undefined;
}

/**
 * @param {string} root
 * @returns {string}
 */
function stampFile(root) {
  return join(root, 'dist', '.orchestra-build');
}
