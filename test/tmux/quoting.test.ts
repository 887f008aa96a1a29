import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeFormat, quoteArgument } from '../../src/tmux/quoting.ts';
import { openServer } from './open-server.ts';

/** Any text that C can hold, with tmux's own signs more often than chance would have them. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'#{}[]()$\\"\';~%\n\t\r\x1b@', 'あ', '🎹', '#{pid}', '$HOME'),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join('').replaceAll('\0', ''));

test('any text that is set as an option of a pane comes back as it was', async () => {
  const { tmux } = await openServer();
  const pane = await tmux.createWindow({ name: 'w', options: {} });
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      await tmux.command('set-option', '-p', '-t', pane, '@x', text);
      const lines = await tmux.command('show-options', '-p', '-q', '-v', '-t', pane, '@x');
      expect(lines.join('\n')).toBe(text);
      if (text === '') return;
      const panes = await tmux.listPanes(['@x', '@none']);
      expect(panes.find((each) => each.pane === pane)?.options).toEqual({ '@x': text });
    }),
    { numRuns: 300 },
  );
});

test('any text that is escaped for a format stands for itself', async () => {
  const { tmux } = await openServer();
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      // -F: the value is expanded as a format
      await tmux.command('set-option', '-g', '-F', '@y', escapeFormat(text));
      expect((await tmux.command('show-options', '-g', '-q', '-v', '@y')).join('\n')).toBe(text);
    }),
    { numRuns: 300 },
  );
});

test('a NUL is refused, for no argument can hold it', () => {
  expect(() => quoteArgument('a\0b')).toThrow(expect.objectContaining({ code: 'command-failed' }));
});
