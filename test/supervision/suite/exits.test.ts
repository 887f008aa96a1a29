/** What each restart type makes of each way to end: started again, or not and its spec kept, or forgotten. */
import { expect, test } from 'vitest';
import type { Restart } from '../../../machines/supervision/child-spec.ts';
import { type Ending, endings, supervise } from './supervise.ts';

/** What is left of a child called `a` that ended once. */
type Remains = 'a#2' | 'a undefined' | undefined;

/** Children of this type end in these ways, and each time that is all that is left. */
async function expectRemains(restart: Restart, ways: readonly Ending[], remains: Remains): Promise<void> {
  for (const ending of ways) {
    const root = await supervise({}, (worker) => [worker('a', {}, { restart }), worker('b')]);
    await root.end('a', ending);
    expect(await root.pids(), ending).toEqual(remains ? ['b#1', remains] : ['b#1']);
    expect(await root.counts(), ending).toEqual(
      remains ? [2, remains === 'a#2' ? 2 : 1, 0, 2] : [1, 1, 0, 1],
    );
    expect(root.takeExits()).toEqual([`a#1 ${endings.find((known) => known.ending === ending)?.reason}`]);
    expect(root.fate()).toBe('running');
  }
}

const shutdowns = ['shutdown', 'shutdown:detail'] as const;
const abnormal = ['crash', 'kill'] as const;

test('permanent_normal: is started again', () => expectRemains('permanent', ['normal'], 'a#2'));
test('transient_normal: is not, and its spec stays', () =>
  expectRemains('transient', ['normal'], 'a undefined'));
test('temporary_normal: is forgotten', () => expectRemains('temporary', ['normal'], undefined));

test('permanent_shutdown: is started again', () => expectRemains('permanent', shutdowns, 'a#2'));
test('transient_shutdown: is not, and its spec stays', () =>
  expectRemains('transient', shutdowns, 'a undefined'));
test('temporary_shutdown: is forgotten', () => expectRemains('temporary', shutdowns, undefined));

test('permanent_abnormal: is started again', () => expectRemains('permanent', abnormal, 'a#2'));
test('transient_abnormal: is started again', () => expectRemains('transient', abnormal, 'a#2'));
test('temporary_abnormal: is forgotten', () => expectRemains('temporary', abnormal, undefined));
