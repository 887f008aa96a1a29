import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PaneId } from '../../src/tmux/pane-id.ts';
import { toPastedText } from '../../src/tmux/pasted-text.ts';
import type { Tmux } from '../../src/tmux/tmux.ts';
import { fixture, openServer, startRun } from './open-server.ts';
import { fileText, until } from './until.ts';

/** A pane with a program that writes down what it is given. */
async function startReader(swallow = 0) {
  const { tmux, folder, options } = await openServer();
  const output = join(folder, 'got');
  const argv = [process.execPath, fixture('paste-reader.mjs'), output, '--swallow', String(swallow)];
  const { pane, runId } = await startRun(tmux, argv);
  const lines = async (count: number): Promise<unknown[]> => {
    const text = await fileText(output, (read) => read.endsWith('\n') && read.split('\n').length > count);
    return text
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
  };
  await lines(1);
  // Before tmux has read that the program wants bracketed pastes, they are none.
  await until(async () => (await tmux.capture(pane)).join('').includes('ready'));
  return { tmux, pane, runId, options, got: async (count = 1) => (await lines(count + 1)).slice(1) };
}

async function pasteAndEnter(tmux: Tmux, pane: PaneId, text: string) {
  await tmux.paste(pane, text);
  await tmux.pressEnter(pane);
}

test('pasted text arrives as data: lines, Japanese, emoji, quotes, what shells and tmux would expand', async () => {
  const { tmux, pane, got, options } = await startReader();
  const text = '課題 #12 を実行\n\t"quotes" \'single\' `id` $(id) $HOME #{pid} #(id) ; \\n %1 👩‍👩‍👧 🎹';
  await pasteAndEnter(tmux, pane, text);
  expect(await got()).toEqual([{ text, typed: '' }]);
  expect(await readdir(join(options.runDirectory, 'pastes'))).toEqual([]);
  expect(await tmux.command('list-buffers')).toEqual([]);
});

test('nothing in a text can end the paste, move the cursor or press Enter', async () => {
  const { tmux, pane, got } = await startReader();
  await pasteAndEnter(tmux, pane, 'a\x1b[201~\rrm -rf /\r\n\x03\x04\x15\x7f\x9b201~b\x1b[A\n\n');
  expect(await got()).toEqual([{ text: 'a[201~\nrm -rf /\n201~b[A', typed: '' }]);
});

test('a megabyte of Japanese arrives whole', async () => {
  const { tmux, pane, got } = await startReader();
  const text = Array.from({ length: 9_000 }, (_, line) => `${line} ${'課題を実行する'.repeat(5)}`).join('\n');
  expect(Buffer.byteLength(text)).toBeGreaterThan(900_000);
  await pasteAndEnter(tmux, pane, text);
  expect(await got()).toEqual([{ text, typed: '' }]);
});

test('a pane in copy mode takes text and keys all the same', async () => {
  const { tmux, pane, got } = await startReader();
  await tmux.command('copy-mode', '-t', pane);
  await tmux.paste(pane, 'first');
  await tmux.command('copy-mode', '-t', pane);
  await tmux.pressEnter(pane);
  expect(await got()).toEqual([{ text: 'first', typed: '' }]);
});

test('a paste into a dead pane, which crashes tmux before 3.4, is refused and leaves nothing behind', async () => {
  const { tmux, pane, options } = await startReader();
  process.kill(await hostOf(tmux, pane), 'SIGKILL');
  await until(async () => (await tmux.listPanes()).find((each) => each.pane === pane)?.dead);
  await expect(tmux.paste(pane, 'text')).rejects.toMatchObject({ code: 'no-pane' });
  await tmux.pressEnter(pane);
  expect(await tmux.command('list-buffers')).toEqual([]);
  expect(await readdir(join(options.runDirectory, 'pastes'))).toEqual([]);
  await expect(tmux.paste('%999', 'text')).rejects.toMatchObject({ code: 'no-pane' });
});

async function hostOf(tmux: Tmux, pane: PaneId): Promise<number> {
  const [pid = ''] = await tmux.command('display-message', '-p', '-t', pane, '#{pane_pid}');
  return Number(pid);
}

const quick = { pauseMs: 0, patienceMs: 1 };

/** Long enough that a program that has been given Enter takes it on a busy machine, too. */
const swallowing = { pauseMs: 0, patienceMs: 3_000 };

test('a prompt that is taken at once is typed once', async () => {
  const { tmux, pane, got } = await startReader();
  const patient = { pauseMs: 0, patienceMs: 60_000 };
  await tmux.submit(pane, 'prompt', { ...patient, acknowledged: async () => void (await got()) });
  expect(await got()).toEqual([{ text: 'prompt', typed: '' }]);
});

test('a prompt without acknowledgement is typed and not waited for', async () => {
  const { tmux, pane, got } = await startReader();
  await tmux.submit(pane, 'prompt');
  expect(await got()).toEqual([{ text: 'prompt', typed: '' }]);
});

test('a swallowed Enter is pressed again', async () => {
  const { tmux, pane, got } = await startReader(1);
  await tmux.submit(pane, 'prompt', { ...swallowing, acknowledged: async () => void (await got()) });
  expect((await got())[0]).toEqual({ text: 'prompt', typed: '' });
});

test('a prompt that is lost twice is typed again on a cleared line', async () => {
  const { tmux, pane, got } = await startReader(2);
  await tmux.submit(pane, 'prompt', { ...swallowing, acknowledged: async () => void (await got()) });
  expect((await got())[0]).toEqual({ text: 'prompt', typed: '' });
});

test('a prompt that is never acknowledged is given up', async () => {
  const { tmux, pane } = await startReader(9);
  const acknowledged = () => new Promise<void>(() => {});
  await expect(tmux.submit(pane, 'prompt', { ...quick, acknowledged })).rejects.toMatchObject({
    code: 'not-accepted',
  });
});

test('a prompt ends with its acknowledgement’s failure, and with its signal', async () => {
  const { tmux, pane } = await startReader(9);
  const failed = () => Promise.reject(new Error('the session died'));
  await expect(tmux.submit(pane, 'prompt', { pauseMs: 0, acknowledged: failed })).rejects.toThrow(
    'the session died',
  );
  const controller = new AbortController();
  const submitted = tmux.submit(pane, 'prompt', {
    acknowledged: () => new Promise(() => {}),
    signal: controller.signal,
  });
  controller.abort();
  await expect(submitted).rejects.toMatchObject({ name: 'AbortError' });
});

test('pasted text never holds a control character but tab and newline, and never ends with a newline', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const pasted = toPastedText(text);
      expect(
        [...pasted].filter((character) => /\p{Cc}/u.test(character) && !'\n\t'.includes(character)),
      ).toEqual([]);
      expect(pasted.endsWith('\n')).toBe(false);
      expect(toPastedText(pasted)).toBe(pasted);
    }),
  );
});
