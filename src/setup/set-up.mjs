/** Makes a fresh clone ready to run and keeps it so; called first by `npm start` and `npm test`. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { dependencies } from './dependencies.mjs';
import { neededNatsServer } from './needed-nats-server.mjs';
import { neededProgram } from './needed-program.mjs';
import { rememberVersions } from './program-version.mjs';
import { SetUpProblem } from './set-up-problem.mjs';
import { performSteps } from './set-up-step.mjs';
import { isAtLeast } from './version.mjs';

const oldestNode = '20.19.0';

const { env } = process;
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const stateFolder = env['ORCHESTRA_STATE'] || join(root, '.orchestra');
const say = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);

try {
  if (!isAtLeast(process.versions.node, oldestNode)) {
    throw new SetUpProblem(
      `Node ${oldestNode} or newer is needed, and this is ${process.versions.node}: see https://nodejs.org/en/download`,
    );
  }
  const versionOf = rememberVersions(
    join(root, 'node_modules', '.cache', 'orchestra', 'program-versions.json'),
  );
  await performSteps(
    [
      dependencies(root),
      build(root),
      neededProgram({ name: 'tmux', flag: '-V', oldest: '3.2.0' }, { env, versionOf }),
      neededProgram({ name: 'git', flag: '--version', oldest: '2.36.0' }, { env, versionOf }),
      neededNatsServer({ env, stateFolder, versionOf }),
    ],
    { lockFile: join(root, '.orchestra', 'set-up.lock'), say },
  );
} catch (error) {
  const problem = asProblem(error);
  if (problem.details) say(problem.details.trimEnd());
  say(problem.message);
  process.exitCode = problem.exitCode;
}

/**
 * A full disk or a folder of someone else's is the machine's problem, not a defect of ours: no stack trace.
 * @param {unknown} error
 * @returns {SetUpProblem}
 */
function asProblem(error) {
  if (error instanceof SetUpProblem) return error;
  if (error instanceof Error && 'syscall' in error)
    return new SetUpProblem(`The set-up cannot go on: ${error.message}`);
  throw error;
}
