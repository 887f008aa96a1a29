/** The small program in every agent's pane that runs the agent and leaves word of its end. */

/**
 * POSIX sh, called as `host EXITS RUN GROUP DIRECTORY PROGRAM [ARGUMENT...]`.
 *
 * - Before all else it joins the control group GROUP, an empty word for none: what it starts is then in it for good. Where
 *   that is not allowed (any more), marks have to do.
 * - The word it leaves is an empty file's name, EXITS/RUN.STATUS: its creation is atomic and takes no further process
 *   (a kill -9 of the program is known 0.6 ms later).
 * - Before that it prints a string to the terminal that no reader sees: whoever finds it in what was taken down has found
 *   all that the program printed. A terminal that its program has left stopped for background output does not hold it up.
 * - Everything stays in the positional parameters: a shell variable could change one of the agent's environment.
 * - INT and QUIT are caught, so that Ctrl-C does not end the host, and not ignored, which the agent would inherit.
 * - `exec` in a subshell: the program is the host's child, and never one of the shell's own commands.
 * - TMUX and TMUX_PANE go, for with them an agent could type into the others' panes.
 */
export const hostScript = `#!/bin/sh
trap : INT QUIT
[ -z "$3" ] || { echo 0 > "$3/cgroup.procs"; } 2>/dev/null
(
  unset TMUX TMUX_PANE
  cd -- "$4" || exit 126
  export PWD
  unset OLDPWD
  shift 4
  exec "$@"
)
set -- "$1" "$2" "$?"
trap '' TTOU
printf '\\033]orchestra;end;%s\\007' "$2" 2>/dev/null
{ true > "$1/$2.$3"; } 2>/dev/null
exit "$3"
`;

/** The arguments with which tmux starts the host. */
export function hostArguments(
  hostFile: string,
  run: {
    exits: string;
    runId: string;
    controlGroup?: string | undefined;
    cwd: string;
    argv: readonly string[];
  },
): string[] {
  return ['/bin/sh', hostFile, run.exits, run.runId, run.controlGroup ?? '', run.cwd, ...run.argv];
}

/** What the host prints behind the program's last word. */
export const endMark = (runId: string): string => `\u001B]orchestra;end;${runId}\u0007`;

/** Runs are named in file names and environments: letters, digits, `_` and `-`. */
export function isRunId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,100}$/.test(text);
}
