/** Which tmux there is, and whether it is new enough. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { TmuxError } from './tmux-error.ts';

/** `-N`, `attach -f` and `new-session -f` came with 3.2. */
const oldest = { major: 3, minor: 2 };

/**
 * The version that `tmux -V` gives, such as `3.3a` or `next-3.8`. One without a number (`master`, OpenBSD's own) is
 * taken as new enough.
 *
 * @throws TmuxError `missing` or `too-old`
 */
export async function readVersion(binary: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const version = (await printVersion(binary, environment)).trim().replace(/^tmux /, '');
  const numbers = /^(?:next-)?(\d+)\.(\d+)/.exec(version);
  if (numbers !== null) {
    const [major, minor] = [Number(numbers[1]), Number(numbers[2])];
    if (major < oldest.major || (major === oldest.major && minor < oldest.minor)) {
      throw new TmuxError(
        'too-old',
        `tmux ${version} is too old: ${oldest.major}.${oldest.minor} or later is needed.`,
      );
    }
  }
  return version;
}

async function printVersion(binary: string, environment: NodeJS.ProcessEnv): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(binary, ['-V'], { env: environment });
    return stdout;
  } catch (cause) {
    throw new TmuxError('missing', `tmux cannot be run as ${JSON.stringify(binary)}.`, { cause });
  }
}
