import { expect, test } from 'vitest';
import { Looks } from '../../src/orphans/looks.ts';
import type { FoundOrphan } from '../../src/orphans/orphan.ts';

const found = (...names: string[]): FoundOrphan[] =>
  names.map((id) => ({
    orphan: { kind: 'process', id, why: 'nobody', remedy: 'ended' },
    identity: `process ${id}`,
  }));
const names = (orphans: FoundOrphan[]) => orphans.map(({ orphan }) => orphan.id);

test('what one look has seen is not cleaned', () => {
  const looks = new Looks(1_000);
  expect(looks.take(found('1'), 0)).toEqual([]);
});

test('two looks are as far apart as they have to be', () => {
  const looks = new Looks(1_000);
  looks.take(found('1'), 0);
  expect(looks.take(found('1'), 999)).toEqual([]);
  expect(names(looks.take(found('1', '2'), 1_000))).toEqual(['1']);
  expect(names(looks.take(found('1', '2'), 2_000))).toEqual(['1', '2']);
});

test('what was gone in between begins anew', () => {
  const looks = new Looks(1_000);
  looks.take(found('1'), 0);
  looks.take([], 500);
  expect(looks.take(found('1'), 1_200)).toEqual([]);
  expect(names(looks.take(found('1'), 2_200))).toEqual(['1']);
});

test('another one of the same name begins anew', () => {
  const looks = new Looks(1_000);
  looks.take(found('1'), 0);
  const [later] = found('1').map((orphan) => ({ ...orphan, identity: 'process 1, started later' }));
  expect(later && looks.take([later], 1_500)).toEqual([]);
});
