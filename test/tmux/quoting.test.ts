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
  const pane = await tmux.createWindow({ name: 'w', options: { '@first': 'カエデ "$x" \n#{pid}' } });
  expect(await tmux.findPane('@first', 'カエデ "$x" \n#{pid}')).toBe(pane);
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      await tmux.setOption(pane, '@x', text);
      const panes = await tmux.listPanes(['@x', '@none']);
      expect(panes.find((each) => each.pane === pane)?.options).toEqual(text === '' ? {} : { '@x': text });
    }),
    { numRuns: 300 },
  );
});

test('any text that is quoted reaches tmux as it was, and so it does when escaped for a format', async () => {
  const { tmux } = await openServer();
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      await tmux.command('set-option', '-g', '@quoted', text);
      // -F: the value is expanded as a format
      await tmux.command('set-option', '-g', '-F', '@escaped', escapeFormat(text));
      // tmux compares and measures inside, for some versions print escaped what they hold.
      expect(
        await tmux.command('display-message', '-p', '#{==:#{@quoted},#{@escaped}} #{n:@quoted}'),
      ).toEqual([`1 ${Buffer.byteLength(text)}`]);
    }),
    { numRuns: 300 },
  );
});

test('a NUL is refused, for no argument can hold it', () => {
  expect(() => quoteArgument('a\0b')).toThrow(expect.objectContaining({ code: 'command-failed' }));
});
