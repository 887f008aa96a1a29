/** Single keys of a person at a terminal, as they are pressed; the terminal is left as it was found. */
import { emitKeypressEvents, type Key } from 'node:readline';
import type { ReadStream } from 'node:tty';

/** Calls `pressed` with a key's name (`left`, `pagedown`, `q`, `ctrl-c`) until the returned function is called. */
export function onKeyPress(terminal: ReadStream, pressed: (key: string) => void): () => void {
  const hear = (_text: string | undefined, { name, sequence, ctrl }: Key): void => {
    const key = name ?? sequence ?? '';
    pressed(ctrl ? `ctrl-${key}` : key);
  };
  const restore = () => terminal.setRawMode(false);
  emitKeypressEvents(terminal);
  terminal.on('keypress', hear);
  terminal.setRawMode(true);
  process.once('exit', restore);
  terminal.resume();
  return () => {
    process.off('exit', restore);
    terminal.off('keypress', hear);
    restore();
    terminal.pause();
  };
}
