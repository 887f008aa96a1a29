/** How our server is set up, as commands: its tmux.conf, and for a server that somebody else has started. */
import { type Command, escapeFormat, quoteCommands, quoteForShell } from './quoting.ts';

export interface ConfigurationOptions {
  /** Lines of scrollback for each pane; a full line takes about 530 bytes. */
  readonly historyLimit: number;
  /** The folder that hears of panes that died. */
  readonly exits: string;
}

/** They may be carried out again and again. Options that a version does not know are skipped. */
export function configurationCommands({ historyLimit, exits }: ConfigurationOptions): Command[] {
  const commands = [
    // The server lives until we end it, and a dead pane stays to be looked at and used again.
    ['set-option', '-s', 'exit-empty', 'off'],
    ['set-option', '-g', 'destroy-unattached', 'off'],
    ['set-option', '-g', 'remain-on-exit', 'on'],
    ['set-hook', '-g', 'pane-died', quoteCommands([['run-shell', '-b', paneDiedAction(exits)]])],
    // Nothing of whoever attaches reaches the panes.
    ['set-option', '-g', 'update-environment', ''],
    ['set-option', '-g', 'default-command', ''],
    // Programs name neither windows nor terminals: names are ours.
    ['set-option', '-g', 'allow-rename', 'off'],
    ['set-option', '-g', 'automatic-rename', 'off'],
    ['set-option', '-g', 'set-titles', 'off'],
    // What agents' interfaces ask of a terminal.
    ['set-option', '-s', 'default-terminal', 'tmux-256color'],
    ['set-option', '-s', 'extended-keys', 'on'],
    ['set-option', '-s', 'escape-time', '0'],
    ['set-option', '-g', 'history-limit', String(historyLimit)],
    // What a person who attaches sees.
    ['set-option', '-g', 'default-size', '200x50'],
    ['set-option', '-g', 'mouse', 'on'],
    ['set-option', '-g', 'status', 'on'],
    ['set-option', '-g', 'status-left', '#[bold]#S#[default]  '],
    ['set-option', '-g', 'status-left-length', '30'],
    ['set-option', '-g', 'status-right', '%H:%M'],
    ['set-option', '-g', 'window-status-format', '#I #W'],
    ['set-option', '-g', 'window-status-current-format', '#[reverse] #I #W '],
    ['set-option', '-g', 'window-status-separator', '  '],
  ];
  return commands.map(withQuietOption);
}

/** The commands as a file that tmux reads when it starts. */
export function renderConfiguration(commands: readonly Command[]): string {
  return `${commands.map((command) => quoteCommands([command])).join('\n')}\n`;
}

/** The file in the exits folder by which the pane-died hook says that this pane died: the pane's id. */
function paneDiedAction(exits: string): string {
  // It must neither print nor fail: tmux would show that in a person's pane.
  return `{ true > ${escapeFormat(quoteForShell(exits))}/#{hook_pane}; } 2>/dev/null || true`;
}

function withQuietOption([name = '', ...rest]: string[]): string[] {
  return name === 'set-option' ? [name, '-q', ...rest] : [name, ...rest];
}
