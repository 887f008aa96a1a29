/** `orchestra agents`: who is there, and what they do; nudging, interrupting and restarting one. */
import type { Command } from 'commander';
import { ask, query } from '../../client/ask.ts';
import { formatDuration } from '../../config/duration.ts';
import type { AgentView } from '../../events/commands.ts';
import { formatTable } from '../../terminal/table.ts';
import { forPeople } from '../caller.ts';
import { type GlobalOptions, withDaemon } from '../daemon-connection.ts';
import { printJson, printLine } from '../output.ts';

export function addAgents(program: Command): void {
  const agents = program
    .command('agents')
    .description('the agents and what they do')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ orchestra agents
  $ orchestra agents --json | jq -r '.[] | select(.availability == "idle") | .name'
  $ orchestra agents nudge kaede          asks whether it goes on
  $ orchestra agents restart kaede        also takes it out of quarantine`,
    )
    .action(async ({ json }: { json?: true }, command: Command) => {
      const views = await withDaemon(command.optsWithGlobals<GlobalOptions>(), ({ bus, agent }) =>
        agent === undefined ? ask(bus, 'agents', {}) : query(bus, agent, 'colleagues', {}),
      );
      if (json) printJson(views);
      else printLine(agentTable(views));
    });
  const verbs = [
    ['nudge', 'asks an agent whether it goes on', 'was asked'],
    ['interrupt', "sends an agent's program what Ctrl-C would", 'was interrupted'],
    ['restart', "ends an agent's program; its supervisor starts it anew", 'is being restarted'],
  ] as const;
  for (const [verb, description, done] of verbs) {
    forPeople(agents.command(`${verb} <name>`))
      .description(description)
      .addHelpText('after', `\nExample:\n  $ orchestra agents ${verb} kaede`)
      .action(async (name: string, _options: object, command: Command) => {
        const options = command.optsWithGlobals<GlobalOptions>();
        await withDaemon(options, ({ bus }) => ask(bus, `agent.${verb}`, { agent: name }));
        printLine(`${name} ${done}`);
      });
  }
}

export function agentTable(agents: readonly AgentView[]): string {
  return formatTable(
    ['AGENT', 'ROLES', 'STATE', 'FOR', 'TASK'],
    agents.map(({ symbol, name, title, roles, availability, since, task, taskTitle }) => [
      `${symbol} ${name} ${title}`.trim(),
      roles.join(','),
      availability,
      formatDuration(Date.now() - Date.parse(since)),
      task === undefined ? '' : `#${task} ${taskTitle ?? ''}`,
    ]),
  );
}
