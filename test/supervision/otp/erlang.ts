/** Real Erlang on this machine: found, or installed where that needs no password. */
import { findProgram } from '../../../src/setup/find-program.mjs';
import { installCommand, installPackage } from '../../../src/setup/package-manager.mjs';
import { SetUpProblem } from '../../../src/setup/set-up-problem.mjs';

/** Debian's package is the runtime and its standard libraries; elsewhere there is only the whole. */
const packageName = process.platform === 'linux' && findProgram('apt-get') ? 'erlang-base' : 'erlang';

/** Whether a scenario can be played here. */
export function hasErlang(): boolean {
  return findProgram('escript') !== undefined;
}

/** Installs Erlang if it is missing. @throws SetUpProblem that names the command to type, if it may not be installed */
export async function ensureErlang(say: (line: string) => void): Promise<void> {
  if (hasErlang()) return;
  const { output } = await installPackage(packageName, { env: process.env, say });
  if (hasErlang()) return;
  const command = installCommand(packageName, process.env) ?? 'https://www.erlang.org/downloads';
  throw new SetUpProblem(`Erlang/OTP is needed for this, and escript is missing: ${command}`, {
    details: output,
  });
}
