/** Typing into a pane: pasted text and single keys. */
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PaneId } from './pane-id.ts';
import { toPastedText } from './pasted-text.ts';
import { type Command, escapeFormat, quoteCommands } from './quoting.ts';
import { TmuxError } from './tmux-error.ts';

/** Runs tmux commands with nothing in between: see ControlClient.send. */
export type RunSequence = (commands: readonly Command[], replies?: number) => Promise<string[][]>;

/** Keys by tmux's names. */
export type Key = 'Enter' | 'Escape' | 'Tab' | 'Up' | 'Down' | 'C-c' | 'C-d' | 'C-u';

/**
 * Pastes text, made harmless (see pasted-text.ts), as one bracketed paste if the program has asked for them. The text
 * goes through a file: tmux reads a megabyte in 1 ms that would take it 100 ms as an argument.
 *
 * @param folder where the file lies meanwhile
 * @throws TmuxError `no-pane` when the pane is gone or dead
 */
export async function paste(
  sequence: RunSequence,
  folder: string,
  pane: PaneId,
  text: string,
): Promise<void> {
  const name = randomUUID();
  const file = join(folder, name);
  await writeFile(file, toPastedText(text), { mode: 0o600, flag: 'wx' });
  try {
    const load: Command = ['load-buffer', '-b', name, '--', escapeFormat(file)];
    const replies = await sequence([leaveCopyMode(pane), load, pasteUnlessDead(pane, name)], 4);
    if (replies.at(-1)?.[0] === dead) {
      await sequence([['delete-buffer', '-b', name]]);
      throw new TmuxError('no-pane', `The program in pane ${pane} has ended.`);
    }
  } finally {
    await rm(file, { force: true });
  }
}

/** Presses keys one after another; a dead pane takes no notice. */
export async function sendKeys(sequence: RunSequence, pane: PaneId, keys: readonly Key[]): Promise<void> {
  await sequence([leaveCopyMode(pane), ['send-keys', '-t', pane, '--', ...keys]]);
}

const dead = 'dead';

/**
 * tmux before 3.4 crashes, and takes every agent with it, when it pastes into a dead pane (seen with 3.3a:
 * cmd-paste-buffer.c writes to the pane's freed event). So the server itself must decide, at the moment of the paste.
 */
function pasteUnlessDead(pane: PaneId, buffer: string): Command {
  const refuse = quoteCommands([['display-message', '-p', dead]]);
  const paste = quoteCommands([['paste-buffer', '-d', '-p', '-r', '-b', buffer, '-t', pane]]);
  return ['if-shell', '-F', '-t', pane, '#{pane_dead}', refuse, paste];
}

/** A person who scrolled back has put the pane into copy mode, which swallows keys. */
function leaveCopyMode(pane: PaneId): Command {
  return ['copy-mode', '-q', '-t', pane];
}
