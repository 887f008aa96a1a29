/** Makes the newcomer's sample: a small repository with a remote, and issues to work on; both are real and may be kept. */
import { cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { packageRoot } from '../package/package-root.ts';
import { agentGitEnvironment } from '../worktrees/agent-git-environment.ts';
import { git } from '../worktrees/git.ts';
import { SampleError } from './sample-error.ts';

/** How the sample is made. */
export interface SampleOptions {
  /** Throw an existing sample away and begin again. */
  readonly fresh?: boolean;
}

/** Where everything is; absolute paths. */
export interface Sample {
  /** A checkout of `main`, with the remote `origin`. */
  readonly repository: string;
  /** A bare repository in place of a server. */
  readonly origin: string;
  /** A folder for the local tracker. */
  readonly issues: string;
  /** False where the sample was there already. */
  readonly created: boolean;
}

/** Written last, so that it stands for a whole sample; only what it marks is ever thrown away. */
const MARK = '.orchestra-sample';
const TEMPLATE = join(packageRoot, 'config', 'sample');

/** Leaves an existing sample alone. Throws {@link SampleError} `occupied` rather than touch anything else. */
export async function createSample(
  directory: string,
  { fresh = false }: SampleOptions = {},
): Promise<Sample> {
  const root = resolve(directory);
  const places = {
    repository: join(root, 'repository'),
    origin: join(root, 'origin.git'),
    issues: join(root, 'issues'),
  };
  await mkdir(root, { recursive: true });
  const names = await readdir(root);
  if (names.includes(MARK)) {
    if (!fresh) return { ...places, created: false };
    // The mark goes first: half of a sample must not pass for one.
    for (const path of [join(root, MARK), ...Object.values(places)])
      await rm(path, { recursive: true, force: true });
  } else {
    const stranger = names.find((name) => Object.values(places).includes(join(root, name)));
    if (stranger !== undefined) {
      const message = `${join(root, stranger)} is there already and is not a sample. Move it away, or choose another folder.`;
      throw new SampleError('occupied', message);
    }
  }
  await build(root, places);
  return { ...places, created: true };
}

async function build(root: string, places: Pick<Sample, 'repository' | 'origin' | 'issues'>): Promise<void> {
  const workshop = await mkdtemp(join(root, '.sample-'));
  try {
    const repository = join(workshop, 'repository');
    const origin = join(workshop, 'origin.git');
    await cp(join(TEMPLATE, 'repository'), repository, { recursive: true });
    await cp(join(TEMPLATE, 'issues'), join(workshop, 'issues'), { recursive: true });
    // Without the templates, the user's own hooks and excludes stay out of the sample.
    const init = ['init', '--quiet', '--template=', '--initial-branch=main'];
    await git(workshop, [...init, '--bare', '--', origin]);
    await git(workshop, [...init, '--', repository]);
    await git(repository, ['add', '--all']);
    await git(repository, ['-c', 'commit.gpgSign=false', 'commit', '--quiet', '--message', 'Say hello'], {
      env: { ...agentGitEnvironment('conductor') },
    });
    await git(repository, ['push', '--quiet', '--', origin, 'main']);
    // A remote is known by the path it is about to have; git does not look before the first fetch.
    await git(repository, ['remote', 'add', '--', 'origin', places.origin]);
    await git(repository, ['update-ref', 'refs/remotes/origin/main', 'HEAD']);
    await git(repository, ['remote', 'set-head', 'origin', 'main']);
    await git(repository, ['branch', '--quiet', '--set-upstream-to=origin/main', 'main']);
    for (const path of [places.origin, places.repository, places.issues]) {
      await rename(join(workshop, path.slice(dirname(path).length + 1)), path);
    }
    await writeFile(
      join(root, MARK),
      'This folder is a sample made by orchestra; `--fresh` makes it anew.\n',
    );
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}
