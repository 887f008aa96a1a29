/** The environment that a server gives to every new pane. */
import type { Connection } from './connection.ts';
import type { Command } from './quoting.ts';

/**
 * Makes the server's global environment exactly the given one: a server that somebody else started (a systemd unit, an
 * earlier daemon) brings its own, in which there may be secrets.
 */
export async function cleanEnvironment(
  connection: Connection,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const lines = await connection.command('show-environment', '-g');
  // A value may hold newlines, so some of these may be no names; to unset them does no harm.
  const names = lines.map((line) => /^([^=]+)=/.exec(line)?.[1]).filter((name) => name !== undefined);
  const foreign = names.filter((name) => environment[name] === undefined);
  const commands: Command[] = foreign.map((name) => ['set-environment', '-g', '-u', '--', name]);
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined) commands.push(['set-environment', '-g', '--', name, value]);
  }
  if (commands.length > 0) await connection.sequence(commands);
}
