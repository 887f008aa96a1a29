/** The script that stands for every git hook of an agent: it asks before a push and then does what the repository's own hook does. */
import { quoteForShell } from '../text/quote-for-shell.ts';

/**
 * The hooks of githooks(5), less the three whose mere presence changes what git does: `proc-receive`, `push-to-checkout`
 * and the file-system monitor's.
 */
export const hookNames = [
  'applypatch-msg',
  'pre-applypatch',
  'post-applypatch',
  'pre-commit',
  'pre-merge-commit',
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'pre-rebase',
  'post-checkout',
  'post-merge',
  'pre-push',
  'pre-receive',
  'update',
  'post-receive',
  'post-update',
  'reference-transaction',
  'pre-auto-gc',
  'post-rewrite',
  'sendemail-validate',
  'p4-changelist',
  'p4-prepare-changelist',
  'p4-post-changelist',
  'p4-pre-submit',
  'post-index-change',
] as const;

export interface HookScript {
  /** The folder in which the scripts stand, as the agents' git is told of it. */
  readonly folder: string;
  /** The command that says by its exit status whether a push may begin. */
  readonly mayPush: readonly string[];
}

/**
 * One text for all hooks: it looks at the name by which it is called. The repository's own folder of hooks is what git
 * itself names once our entry in its environment has lost its meaning; its hook gets arguments and input untouched, and
 * finds the environment as it was, so that a push it makes is asked for as well.
 */
export function hookScript({ folder, mayPush }: HookScript): string {
  return `#!/bin/sh
# Written by orchestra at each start: asks before a push whether the agent still holds its task, then calls the
# repository's own hook, if there is one.
ours=${quoteForShell(folder)}
name=\${0##*/}
if [ "$name" = pre-push ]; then
  ${mayPush.map(quoteForShell).join(' ')} </dev/null || exit 1
fi
theirs=$(
  entry=0
  while [ "$entry" -lt "\${GIT_CONFIG_COUNT:-0}" ]; do
    eval "value=\\\${GIT_CONFIG_VALUE_$entry-}"
    if [ "$value" = "$ours" ]; then export "GIT_CONFIG_KEY_$entry=orchestra.hooks"; fi
    entry=$((entry + 1))
  done
  git rev-parse --git-path hooks 2>/dev/null
)
if [ -z "$theirs" ] || [ "$theirs" = "$ours" ] || [ ! -f "$theirs/$name" ] || [ ! -x "$theirs/$name" ]; then exit 0; fi
exec "$theirs/$name" "$@"
`;
}
