/** All commands with their options, help and completion. */
import { Command } from 'commander';
import { packageVersion } from '../package/package-root.ts';
import { plainLines } from '../terminal/plain-text.ts';
import { addAgents } from './commands/agents.ts';
import { addAttach } from './commands/attach.ts';
import { addBackup } from './commands/backup.ts';
import { addComplete } from './commands/complete.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDown } from './commands/down.ts';
import { addEvents } from './commands/events.ts';
import { addImport } from './commands/import.ts';
import { addInbox } from './commands/inbox.ts';
import { addInspect } from './commands/inspect.ts';
import { addLogs } from './commands/logs.ts';
import { addMachines } from './commands/machines.ts';
import { addNats } from './commands/nats.ts';
import { addOutbox } from './commands/outbox.ts';
import { addReplay } from './commands/replay.ts';
import { addRestore } from './commands/restore.ts';
import { addSend } from './commands/send.ts';
import { addStatus } from './commands/status.ts';
import { addTask } from './commands/task.ts';
import { addTasks } from './commands/tasks.ts';
import { addTree } from './commands/tree.ts';
import { addUp } from './commands/up.ts';

export function createProgram(): Command {
  const program = new Command('orchestra')
    .description('Keeps named CLI agents in tmux panes working through an issue tracker.')
    .version(packageVersion())
    .option(
      '--config <file>',
      'the config file (otherwise orchestra.yaml or config/orchestra.yaml, here or above)',
    )
    .option('--state-folder <folder>', 'the state folder (otherwise as the config says)')
    .configureOutput({ writeErr: (text) => process.stderr.write(plainLines(text)) })
    .exitOverride()
    .showHelpAfterError('(`orchestra --help` shows all commands)')
    .addHelpText(
      'after',
      `
Examples:
  $ orchestra up                          start, and watch
  $ orchestra send kaede "use tabs"       write to an agent
  $ orchestra attach                      look at the panes
  $ orchestra tasks --state failed        what went wrong
  $ source <(orchestra complete bash)     completion for this shell`,
    );
  for (const add of [
    addUp,
    addDown,
    addStatus,
    addTree,
    addAgents,
    addTasks,
    addTask,
    addOutbox,
    addSend,
    addInbox,
    addAttach,
    addInspect,
    addLogs,
    addEvents,
    addReplay,
    addImport,
    addBackup,
    addRestore,
    addMachines,
    addDoctor,
    addNats,
    addComplete,
  ]) {
    add(program);
  }
  for (const command of program.commands) pointToItsHelp(command, program.name());
  return program;
}

/** Whoever has mistyped an option of one command does not look for the list of all. */
function pointToItsHelp(command: Command, parent: string): void {
  const name = `${parent} ${command.name()}`;
  command.showHelpAfterError(`(\`${name} --help\` says more)`);
  for (const below of command.commands) pointToItsHelp(below, name);
}
