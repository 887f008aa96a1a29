import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toWindowName } from '../../src/tmux/window-name.ts';
import { openServer } from './open-server.ts';

test.for([
  ['カエデ #12 Fix the button', 'カエデ #12 Fix the button'],
  ['#[fg=red]red #{pid} #(id) ##1', '＃[fg=red]red ＃{pid} ＃(id) ＃#1'],
  ['two\nlines\x1b[31m\x07\u2028end', 'two lines [31m end'],
  ['長'.repeat(80), `${'長'.repeat(59)}…`],
])('%j becomes %j', ([text, name]) => {
  expect(toWindowName(text ?? '')).toBe(name);
});

test('whatever text names a window, tmux shows that name and expands nothing in it', async () => {
  const { tmux } = await openServer();
  const pane = await tmux.createWindow({ name: '#{pid} #(id)', options: {} });
  const nameOf = async () => (await tmux.listPanes()).find((each) => each.pane === pane)?.windowName;
  expect(await nameOf()).toBe('＃{pid} ＃(id)');
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
      // tmux doubles backslashes in names.
      const name = toWindowName(text.replaceAll('\\', ''));
      await tmux.rename(pane, name);
      expect(await nameOf()).toBe(name);
    }),
  );
});
