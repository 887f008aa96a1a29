/** The config file under watch, on a real file system: good changes, bad ones, and files that are replaced. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import type { ConfigError } from '../../src/config/config-error.ts';
import { watchConfig } from '../../src/config/watch-config.ts';
import { Arrivals } from '../bus/real-bus.ts';
import { smallest, temporaryFolder } from './config-text.ts';

type News = Arrivals<{ changed: Config } | { rejected: ConfigError }>;

async function watched() {
  const file = join(await temporaryFolder(), 'orchestra.yaml');
  await writeFile(file, smallest);
  const news: News = new Arrivals();
  const watching = await watchConfig(file, {
    changed: (config) => news.add({ changed: config }),
    rejected: (error) => news.add({ rejected: error }),
  });
  onTestFinished(() => watching.close());
  return { file, news, stop: () => watching.close() };
}

const named = (name: string) => `${smallest}name: ${name}\n`;
const isNamed = (name: string) => (news: readonly object[]) =>
  news.some((one) => 'changed' in one && (one.changed as Config).name === name);
/** Waits for a rejection of that place: while a file is being written it may be seen empty, and that is rejected as well. */
const rejectedAt = async (news: News, place: { line: number; column: number }) => {
  const fits = (one: News['items'][number]) =>
    'rejected' in one &&
    one.rejected.faults.some(({ line, column }) => line === place.line && column === place.column);
  return (await news.until((all) => all.some(fits))).find(fits);
};

test('a change is read', async () => {
  const { file, news } = await watched();
  await writeFile(file, named('second'));
  await news.until(isNamed('second'));
});

test('a bad change is reported with its place, and the next good one is read', async () => {
  const { file, news } = await watched();
  await writeFile(file, `${smallest}nam: x\n`);
  const found = await rejectedAt(news, { line: 6, column: 1 });
  expect(found).toMatchObject({ rejected: { code: 'invalid', faults: [{ file, line: 6, column: 1 }] } });
  await writeFile(file, named('third'));
  await news.until(isNamed('third'));
});

test('a file that editors save by renaming is read, time after time', async () => {
  const { file, news } = await watched();
  for (const name of ['second', 'third', 'fourth']) {
    await writeFile(`${file}.draft`, named(name));
    await rename(`${file}.draft`, file);
    await news.until(isNamed(name));
  }
});

test('a file that goes and comes again is read', async () => {
  const { file, news } = await watched();
  await rm(file);
  await writeFile(file, named('second'));
  await news.until(isNamed('second'));
});

test('an alias without an anchor is a rejection like any other', async () => {
  const { file, news } = await watched();
  await writeFile(file, named('*nobody'));
  const found = await rejectedAt(news, { line: 6, column: 7 });
  expect(found).toMatchObject({ rejected: { code: 'invalid', faults: [{ line: 6, column: 7 }] } });
});
