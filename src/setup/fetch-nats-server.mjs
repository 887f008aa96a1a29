/** Fetches nats-server into a folder of ours from Debian's signed archive; needs no root, starts no service. */
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './run-command.mjs';

/** The Debian release whose nats-server gets upstream's security fixes; its binary needs glibc 2.34 or newer. */
const suite = 'forky';

/**
 * Downloads the package with apt, which checks its signature, takes the binary out, runs it once and only then moves
 * it into place in one step, so that two at once end with one whole file.
 * @param {import('./apt-sources.mjs').DebianMirror} mirror
 * @param {{ folder: string, env: NodeJS.ProcessEnv }} options `folder` is where `nats-server` shall be
 * @returns {Promise<import('./run-command.mjs').CommandResult>}
 */
export async function fetchNatsServer(mirror, { folder, env }) {
  const workFolder = mkdtempSync(join(tmpdir(), 'orchestra-nats-server-'));
  try {
    const configuration = writeAptConfiguration(workFolder, mirror);
    const apt = ['-c', configuration, '--quiet'];
    const unpacked = join(workFolder, 'package');
    const binary = join(unpacked, 'usr', 'sbin', 'nats-server');
    const steps = [
      () => runCommand('apt-get', [...apt, 'update'], { cwd: workFolder, env }),
      () => runCommand('apt-get', [...apt, 'download', 'nats-server'], { cwd: workFolder, env }),
      () => runCommand('dpkg-deb', ['-x', findPackage(workFolder), unpacked], { cwd: workFolder, env }),
      () => runCommand(binary, ['-v'], { env }),
    ];
    let output = '';
    for (const step of steps) {
      const result = await step();
      output += result.output;
      if (!result.ok) return { ok: false, output };
    }
    moveIntoPlace(binary, folder);
    return { ok: true, output };
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

/**
 * A configuration on top of the machine's own (its proxies and credentials stay) that reads one source, keeps its
 * lists and cache in `workFolder`, and runs none of the machine's hooks.
 * @param {string} workFolder
 * @param {import('./apt-sources.mjs').DebianMirror} mirror
 * @returns {string} the file for `apt-get -c`
 */
function writeAptConfiguration(workFolder, { uri, signedBy }) {
  const at = (/** @type {string[]} */ ...names) => join(workFolder, ...names);
  mkdirSync(at('lists', 'partial'), { recursive: true });
  mkdirSync(at('cache', 'archives', 'partial'), { recursive: true });
  writeFileSync(
    at('sources.list'),
    `deb ${signedBy ? `[signed-by=${signedBy}] ` : ''}${uri} ${suite} main\n`,
  );
  const lines = [
    `Dir::Etc::sourcelist "${at('sources.list')}";`,
    'Dir::Etc::sourceparts "/dev/null";',
    'Dir::Etc::preferences "/dev/null";',
    'Dir::Etc::preferencesparts "/dev/null";',
    `Dir::State::lists "${at('lists')}";`,
    `Dir::Cache "${at('cache')}";`,
    '#clear APT::Update::Pre-Invoke;',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
    'Acquire::Languages "none";',
    // Root's apt reads and writes as the user _apt, who cannot enter this folder.
    ...(process.getuid?.() === 0 ? ['APT::Sandbox::User "root";'] : []),
  ];
  writeFileSync(at('apt.conf'), `${lines.join('\n')}\n`);
  return at('apt.conf');
}

/**
 * @param {string} workFolder
 * @returns {string} the downloaded package
 */
function findPackage(workFolder) {
  return join(workFolder, readdirSync(workFolder).find((name) => name.endsWith('.deb')) ?? 'nats-server.deb');
}

/**
 * @param {string} binary
 * @param {string} folder
 */
function moveIntoPlace(binary, folder) {
  mkdirSync(folder, { recursive: true });
  const arriving = join(folder, `.nats-server.${process.pid}`);
  copyFileSync(binary, arriving);
  chmodSync(arriving, 0o755);
  renameSync(arriving, join(folder, 'nats-server'));
}
