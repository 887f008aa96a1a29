/** `orchestra nats`: everything the `nats` CLI needs to reach the bus. */
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { forPeople } from '../caller.ts';
import { type GlobalOptions, requireDaemon } from '../daemon-connection.ts';
import { findState } from '../find-state.ts';
import { printJson, printLine } from '../output.ts';

export function addNats(program: Command): void {
  forPeople(program.command('nats'))
    .description('a context for the `nats` CLI: printed, or written with --write')
    .option('--write', 'write the context file; the selected context stays as it is')
    .option('--name <name>', 'the name of the context', 'orchestra')
    .option('--json', 'print the context only')
    .addHelpText(
      'after',
      `
Examples:
  $ orchestra nats --write
  $ nats --context orchestra pub -J orchestra.agent.kaede.inbox "hello"
  $ nats --context orchestra sub "orchestra.task.*.>"`,
    )
    .action(async ({ write, name, json }: { write?: true; name: string; json?: true }, command: Command) => {
      const daemon = await requireDaemon(await findState(command.optsWithGlobals<GlobalOptions>()));
      const context = { description: 'orchestra operator', url: daemon.natsUrl, nkey: daemon.operatorKey };
      if (write) {
        const file = join(
          process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'),
          'nats/context',
          `${name}.json`,
        );
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        await writeFile(file, `${JSON.stringify(context, null, 2)}\n`, { mode: 0o600 });
        return printLine(`wrote ${file}; use it with \`nats --context ${name} …\``);
      }
      if (json) return printJson(context);
      printLine(`nats --server ${context.url} --nkey ${context.nkey} …`);
    });
}
