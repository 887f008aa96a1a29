/** Help that a newcomer can act on. */
import { expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';

const { commands } = createProgram();

test.each(commands.map((command) => [command.name(), command]))(
  'the help of %s has an example that begins with the command',
  (name, command) => {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help).toMatch(new RegExp(`Examples?:\\n(.*\\n)*?  \\$ .*orchestra .*${name}`, 'u'));
  },
);

test('a command that wants a subcommand says so as an error', async () => {
  const program = createProgram();
  for (const command of program.commands) command.configureOutput({ writeErr: () => undefined });
  await expect(program.parseAsync(['node', 'orchestra', 'task'])).rejects.toMatchObject({ exitCode: 1 });
});
