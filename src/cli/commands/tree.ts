/** `orchestra tree`: who watches over whom and how it goes; and killing a child, to see what its supervisor does. */
import type { Command } from 'commander';
import { ask } from '../../client/ask.ts';
import { nearestPath, unknownChild } from '../../supervision/nearest-path.ts';
import {
  type ChildDescription,
  descendantAt,
  type SupervisorDescription,
} from '../../supervision/tree-description.ts';
import { type TreeTop, treeLines } from '../../terminal/tree-lines.ts';
import { forPeople } from '../caller.ts';
import { CliError } from '../cli-error.ts';
import { commandName } from '../command-name.ts';
import { type GlobalOptions, withDaemon } from '../daemon-connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { findState } from '../find-state.ts';
import { outputColumns, printJson, printLine } from '../output.ts';
import { aftermathLines } from '../tree/aftermath-lines.ts';
import { watchAftermath } from '../tree/watch-aftermath.ts';

export function addTree(program: Command): void {
  const tree = forPeople(program.command('tree [path]'))
    .description('the supervision tree: who watches over whom, and how it goes')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ orchestra tree
  $ orchestra tree ensemble/agents/agent:kaede      only this and what is below it
  $ orchestra tree --json | jq -r '.. | objects | select(.restarts? > 0) | .path'
  $ orchestra tree kill broker/natsServer           crash a child and see what its supervisor does`,
    )
    .action(async (path: string | undefined, { json }: { json?: true }, command: Command) => {
      await withDaemon(command.optsWithGlobals<GlobalOptions>(), async ({ bus }) => {
        const described = await ask(bus, 'tree', {});
        const { startedAt, agents } = await ask(bus, 'status', {});
        const top = topOf(described, trimmed(path ?? ''), Date.now() - Date.parse(startedAt));
        if (json) return printJson(top.child ?? rootAsChild(top, described));
        const symbols = new Map(agents.map(({ name, symbol }) => [agentId(name), symbol]));
        for (const line of treeLines(top, { columns: outputColumns(), symbols, wayOut })) printLine(line);
      });
    });
  forPeople(tree.command('kill <path>'))
    .description('crashes a child on purpose, as `exit(Pid, kill)` does in Erlang, and tells what came of it')
    .addHelpText(
      'after',
      `
Whatever the child holds outside (a pane with its program, nats-server, tmux) is ended by force with it. Killed more
often than its supervisor allows, the supervisor gives up as after any other crash.

Examples:
  $ orchestra tree kill ensemble/agents/agent:kaede/pane
  $ orchestra tree kill broker`,
    )
    .action(async (typed: string, _options: object, command: Command) => {
      const path = trimmed(typed);
      const options = command.optsWithGlobals<GlobalOptions>();
      await withDaemon(options, async ({ bus }) => {
        const before = await ask(bus, 'tree', {});
        if (!topOf(before, path).child)
          throw new CliError('The root is ended with `orchestra down`, not killed.', exitCodes.usage);
        const { pid } = await ask(bus, 'tree.kill', { path });
        printLine(`killed ${path} (${pid})`);
        const aftermath = await watchAftermath(bus, await findState(options), { before, path });
        for (const line of aftermathLines(path, aftermath)) printLine(line);
      });
    });
}

/** Slashes at either end mean nothing, and the root may be called by its name, alone or before a path. */
const trimmed = (path: string): string => path.replace(/^\/+|\/+$/gu, '').replace(/^orchestra(?:\/+|$)/u, '');

/** `uptime` is the root's, in ms. @throws CliError for a path that is not there */
function topOf(tree: SupervisorDescription, path: string, uptime = 0): TreeTop {
  if (path === '') return { label: 'orchestra', supervisor: tree, uptime };
  const child = descendantAt(tree, path);
  if (child) return { label: child.id, child, supervisor: child.supervisor };
  throw new CliError(unknownChild(path, nearestPath(tree, path)), exitCodes.usage);
}

/** The root with what its descendants have too: id, state and uptime. */
function rootAsChild({ label, uptime }: TreeTop, tree: SupervisorDescription): object {
  return { id: label, state: rootStates[tree.phase], uptime, ...tree };
}

const rootStates = {
  initializing: 'starting',
  running: 'running',
  terminating: 'stopping',
  terminated: 'undefined',
} as const;

/** The id of an agent's supervisor. */
const agentId = (name: string): string => `agent:${name}`;

/** Only agents are put in quarantine. */
const wayOut = ({ id }: ChildDescription): string =>
  `${commandName()} agents revive ${id.slice(agentId('').length)}`;
