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

/** tmux escapes backslashes, dollar signs and what it does not know when it shows a name: none is among these. */
const pieces = [...'#{}[]()"\';~%,:=!@ abIWS1\n\t\x1b', '長', '🎹', '#[', '#{', '##', '-'];

test('whatever text names a window, tmux shows that name and expands nothing in it', async () => {
  const { tmux } = await openServer();
  const pane = await tmux.createWindow({ name: '#{pid} #(id)', options: {} });
  const nameOf = async () => (await tmux.listPanes()).find((each) => each.pane === pane)?.windowName;
  expect(await nameOf()).toBe('＃{pid} ＃(id)');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { maxLength: 20 }), async (parts) => {
      const name = toWindowName(parts.join(''));
      await tmux.rename(pane, name);
      expect(await nameOf()).toBe(name);
    }),
  );
});
