/** What the shell offers for values: names that the daemon, the config file or this program knows. */
import { Argument, Command, type Option } from 'commander';
import type { Bus } from '../../bus/bus.ts';
import { ask } from '../../client/ask.ts';
import { Duration } from '../../config/duration.ts';
import { descendantsOf } from '../../supervision/tree-description.ts';
import type { TaskState } from '../../tasks/task-record.ts';
import { configuredAgents } from '../configured-agents.ts';
import { withDaemon } from '../daemon-connection.ts';
import type { GlobalOptions } from '../find-state.ts';
import type { Completed } from './completed.ts';

type Source = (options: GlobalOptions) => Promise<readonly string[]>;

/** How long the daemon may take, in ms: a person has pressed a key and waits. A slow machine may be given more. */
const patience = Duration.catch(700).parse(process.env['ORCHESTRA_COMPLETION_PATIENCE']);

const agents: Source = async (options) => {
  const running = await fromDaemon(options, async (bus) =>
    (await ask(bus, 'agents', {}, patience)).map(({ name }) => name),
  );
  return running ?? configuredAgents(options);
};

const recipients: Source = async (options) => [...(await agents(options)), 'all'];

const places: Source = async (options) =>
  (await fromDaemon(options, async (bus) =>
    descendantsOf(await ask(bus, 'tree', {}, patience)).map(({ path }) => path),
  )) ?? [];

/** The first page of each state; of all without any. */
const tasks =
  (...states: TaskState[]): Source =>
  async (options) =>
    (await fromDaemon(options, async (bus) => {
      const requests = states.length === 0 ? [{}] : states.map((state) => ({ state }));
      const pages = await Promise.all(requests.map((request) => ask(bus, 'tasks', request, patience)));
      return pages.flat().map(({ id }) => id);
    })) ?? [];

const writes: Source = async (options) =>
  (await fromDaemon(options, async (bus) =>
    (await ask(bus, 'outbox', {}, patience)).map(({ key }) => key),
  )) ?? [];

const givenUpWrites: Source = async (options) =>
  (await fromDaemon(options, async (bus) =>
    (await ask(bus, 'outbox', {}, patience)).filter(({ isGivenUp }) => isGivenUp).map(({ key }) => key),
  )) ?? [];

const machines: Source = async () => {
  const { allMachines } = await import('../../charts/all-machines.ts');
  return allMachines.map(({ id }) => id);
};

/** By command and, after it, the name of its argument or option. */
const sources: ReadonlyMap<string, Source> = new Map([
  ['agents nudge name', agents],
  ['agents interrupt name', agents],
  ['agents restart name', agents],
  ['agents revive name', agents],
  ['attach agent', agents],
  ['events --about', agents],
  ['inbox agent', agents],
  ['logs --agent', agents],
  ['machines name', machines],
  ['outbox drop key', givenUpWrites],
  ['outbox retry key', writes],
  ['replay --agent', agents],
  ['send to', recipients],
  ['task release id', tasks('assigned', 'working')],
  ['task retry id', tasks('failed', 'blocked', 'done')],
  ['task show id', tasks()],
  ['tree path', places],
  ['tree kill path', places],
]);

/** bash expands what it is offered (bash(1), `compgen -W`): a word that means something to a shell is no name of ours. */
const harmless = /^[\w@%+=:,./-]+$/u;

/** What can stand at that place; nothing where nothing is known, for whatever reason. */
export async function valuesFor({ path, value }: Completed, words: readonly string[]): Promise<string[]> {
  const source = value && sources.get(`${path} ${nameOf(value)}`);
  if (!source) return [];
  try {
    return (await source(globalOptions(words))).filter((one) => harmless.test(one));
  } catch {
    // A key was pressed, no command was given: there is nobody to tell.
    return [];
  }
}

/** Whether a file or a folder is to be given, which every shell completes best itself. */
export function isPath(value: Option | Argument): boolean {
  const placeholder = value instanceof Argument ? value.name() : value.flags;
  return /\b(?:file|folder)\b[>\]]?$/u.test(placeholder);
}

const nameOf = (value: Option | Argument): string =>
  value instanceof Argument ? value.name() : (value.long ?? value.flags);

/** Undefined when none runs, or none that answers in time. */
async function fromDaemon(
  options: GlobalOptions,
  read: (bus: Bus) => Promise<string[]>,
): Promise<string[] | undefined> {
  const none = new Promise<undefined>((resolve) => setTimeout(resolve, patience, undefined));
  return Promise.race([withDaemon(options, ({ bus }) => read(bus)).catch(() => undefined), none]);
}

/** `--config` and `--state-folder`, wherever they stand. */
function globalOptions(words: readonly string[]): GlobalOptions {
  const reader = new Command()
    .option('--config <file>')
    .option('--state-folder <folder>')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  reader.parseOptions([...words]);
  return reader.opts<GlobalOptions>();
}
