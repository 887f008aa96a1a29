/** What still runs for a project: everything whose command line or environment names its folder. */
import { readdir, readFile } from 'node:fs/promises';

export interface FoundProcess {
  pid: number;
  command: string;
}

export async function processesOf(folder: string): Promise<FoundProcess[]> {
  const found: FoundProcess[] = [];
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const [command, environment, stat] = await Promise.all(
      ['cmdline', 'environ', 'stat'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
    );
    const isDefunct = / [ZX] /u.test(stat?.slice(stat.lastIndexOf(')')) ?? '');
    if (isDefunct || !`${command}\0${environment}`.includes(folder)) continue;
    found.push({ pid, command: (command ?? '').replaceAll('\0', ' ').trim() });
  }
  return found;
}
