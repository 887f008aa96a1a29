/** `orchestra agents`: who is there, and what they do; nudging, interrupting, restarting and reviving one. */
import type { Command } from 'commander';
import { ask, query } from '../../client/ask.ts';
import { formatDuration } from '../../config/duration.ts';
import type { AgentView } from '../../events/commands.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { formatTable } from '../../terminal/table.ts';
import { forPeople } from '../caller.ts';
import { type GlobalOptions, withDaemon } from '../daemon-connection.ts';
import { knownAgent } from '../known-agent.ts';
import { outputColumns, printJson, printLine } from '../output.ts';

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
  $ orchestra agents restart kaede        ends its program and starts it anew
  $ orchestra agents revive kaede         takes it out of quarantine`,
    )
    .action(async ({ json }: { json?: true }, command: Command) => {
      const views = await withDaemon(command.optsWithGlobals<GlobalOptions>(), ({ bus, agent }) =>
        agent === undefined ? ask(bus, 'agents', {}) : query(bus, agent, 'colleagues', {}),
      );
      if (json) printJson(views);
      else printAgents(views);
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
        await withDaemon(options, async ({ bus }) => {
          await knownAgent(bus, name);
          await ask(bus, `agent.${verb}`, { agent: name });
        });
        printLine(`${name} ${done}`);
      });
  }
  addRevive(agents);
}

function addRevive(agents: Command): void {
  forPeople(agents.command('revive <name>'))
    .description('takes an agent out of quarantine, where it was put because it was restarted too often')
    .addHelpText('after', '\nExample:\n  $ orchestra agents revive kaede')
    .action(async (name: string, _options: object, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { up } = await withDaemon(options, async ({ bus }) => {
        await knownAgent(bus, name);
        return ask(bus, 'agent.revive', { agent: name });
      });
      printLine(up ? `${name} is back` : `${name} is being started`);
    });
}

/** The table, then for each agent in quarantine since when and why, until when, and the way out. */
export function printAgents(agents: readonly AgentView[]): void {
  printLine(agentTable(agents));
  for (const { name, availability, since, reason, until } of agents) {
    if (availability !== 'quarantined') continue;
    const when = new Date(since).toLocaleString('sv-SE');
    const end = until && `It is started again at ${new Date(until).toLocaleString('sv-SE')}; `;
    printLine();
    printLine(plainText(`${name} is in quarantine since ${when}: ${reason ?? 'unknown'}.`));
    printLine(`${end ?? ''}\`orchestra agents revive ${name}\` brings it back.`);
  }
}

function agentTable(agents: readonly AgentView[]): string {
  return formatTable(
    ['AGENT', 'ROLES', 'STATE', 'FOR', 'TASK'],
    agents.map(({ symbol, name, title, roles, availability, since, task, taskTitle }) => [
      `${symbol} ${name} ${title}`.trim(),
      roles.join(','),
      availability,
      formatDuration(Date.now() - Date.parse(since)),
      task === undefined ? '' : `#${task} ${taskTitle ?? ''}`,
    ]),
    outputColumns(),
  );
}
