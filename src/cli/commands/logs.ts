/** `orchestra logs`: the daemon's own log, and what an agent's program has printed. */
import { access, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { outputFile, tailOutput } from '../../output/output-log.ts';
import { TerminalText } from '../../output/terminal-text.ts';
import type { StateFolder } from '../../state-folder/state-folder.ts';
import { escapeControls } from '../../terminal/safe-json.ts';
import { CliError } from '../cli-error.ts';
import { configuredAgents } from '../configured-agents.ts';
import { exitCodes } from '../exit-codes.ts';
import { findState, type GlobalOptions } from '../find-state.ts';
import { unknownAgent } from '../known-agent.ts';
import { printLine, printNotice } from '../output.ts';
import { positiveInteger } from './tasks.ts';

interface LogOptions {
  agent?: string;
  follow?: true;
  lines: number;
}

export function addLogs(program: Command): void {
  program
    .command('logs')
    .description("the daemon's log, one JSON line a fact; or what an agent's program has printed")
    .option('-a, --agent <name>', 'what this agent has printed, as plain text')
    .option('-f, --follow', 'go on with what is written')
    .option('-n, --lines <count>', 'the last so many lines', positiveInteger, 50)
    .addHelpText(
      'after',
      `
Examples:
  $ orchestra logs -n 200
  $ orchestra logs -f | jq -r .msg
  $ orchestra logs --agent kaede --follow`,
    )
    .action(async ({ agent, ...options }: LogOptions, command: Command) => {
      const places = command.optsWithGlobals<GlobalOptions>();
      const state = await findState(places);
      if (agent === undefined) return showLog(state, options);
      const file = outputFile(state.agent(nameOf(agent)));
      if (await isThere(file)) return showOutput(file, options);
      // Where no config file can be read nobody knows who there is.
      const known = await configuredAgents(places).catch(() => [agent]);
      if (!known.includes(agent)) throw unknownAgent(agent, known);
      printNotice(`Nothing that ${agent} has printed was taken down yet at ${file}.`);
    });
}

async function showLog({ logFile }: StateFolder, { follow, lines }: LogOptions): Promise<void> {
  if (!(await isThere(logFile))) return printNotice(`There is no log yet at ${logFile}.`);
  await tail(['-n', String(lines), ...(follow ? ['-F'] : []), '--', logFile], (line) =>
    printLine(escapeControls(line)),
  );
}

/** Also of a daemon that does not run: the files are all it takes. */
async function showOutput(file: string, { follow, lines }: LogOptions): Promise<void> {
  const { size } = await stat(file);
  for (const line of await tailOutput(file, lines, size)) printLine(line);
  if (!follow) return;
  const text = new TerminalText();
  // Programs that draw their screen end no lines: the text is read in pieces, as it comes.
  await tail(
    ['-c', `+${size + 1}`, '-F', '--', file],
    (piece) => {
      for (const line of text.feed(piece)) printLine(line);
    },
    'pieces',
  );
}

/** It becomes part of a path. */
function nameOf(agent: string): string {
  if (/^[a-z0-9-]{1,32}$/u.test(agent)) return agent;
  throw new CliError(`"${agent}" is no agent's name.`, exitCodes.usage);
}

/** Runs tail(1) and takes what it prints, line by line or as it comes. Its exit status becomes ours. */
async function tail(
  args: string[],
  take: (text: string) => void,
  by: 'lines' | 'pieces' = 'lines',
): Promise<void> {
  const { execa } = await import('execa');
  const tailing = execa('tail', args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    reject: false,
    buffer: false,
  });
  if (by === 'lines') for await (const line of tailing) take(line);
  else {
    tailing.stdout.setEncoding('utf8');
    for await (const piece of tailing.stdout) take(String(piece));
  }
  process.exitCode = (await tailing).exitCode ?? 1;
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
