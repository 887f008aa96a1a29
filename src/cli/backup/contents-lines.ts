/** What is in a backup, in words. */
import type { BackupHead, Manifest } from '../../backup/manifest.ts';

/** One line on what it is, one a kind of content, and one for each worktree whose changes are not in it. */
export function contentsLines(head: BackupHead, { streams, git }: Manifest): string[] {
  const messages = streams.reduce((sum, stream) => sum + stream.messages, 0);
  const unfinished = git.branches.filter(({ uncommitted }) => uncommitted !== null).length;
  return [
    `made ${head.at} on ${head.node} by orchestra ${head.product}`,
    `${count(streams.length, 'stream')} with ${count(messages, 'record')}: tasks, messages, ledgers, facts`,
    `${count(git.branches.length, 'branch', 'branches')} of tasks, ${count(unfinished, 'worktree')} with changes that were not committed`,
    ...git.branches.flatMap(({ task, notTaken }) =>
      notTaken === null ? [] : [`uncommitted work not taken, of task ${task}: ${notTaken}`],
    ),
  ];
}

/** What no backup holds. */
export const leftOut = [
  'Not in it: keys (a restore makes new ones), the issues and the repository itself (back them up as what they are),',
  'files that git ignores, and the panes with their programs. The copy of the config holds what yours holds.',
];

/** For programs. */
export function contentsJson(head: BackupHead, { streams, git }: Manifest) {
  const { format: _format, version, ...rest } = head;
  return {
    formatVersion: version,
    ...rest,
    streams: streams.map(({ config: _config, ...stream }) => stream),
    git: { remote: git.remote, branches: git.branches },
  };
}

const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;
