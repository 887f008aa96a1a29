import { beforeEach, expect, test } from 'vitest';
import { TaskInvariants } from './invariants/task-invariants.ts';
import { StoredBucket } from './stored-bucket.ts';

const waiting = {
  state: 'waiting',
  reason: '',
  flow: ['codegen', 'review'],
  stageIndex: 0,
  token: 0,
  attempts: 0,
  maxAttempts: 3,
  claim: null,
  issue: { id: '1', blockedBy: [] as string[] },
};
const claimedBy = (agent: string, token: number) => ({
  ...waiting,
  state: 'assigned',
  token,
  attempts: 1,
  claim: { agent, leaseUntil: 1 },
});

let bucket: StoredBucket;
let broken: string[];

beforeEach(() => {
  bucket = new StoredBucket('orch_tasks');
  broken = [];
  new TaskInvariants(
    bucket,
    (invariant) => broken.push(invariant),
    () => false,
  );
});

const write = (...records: readonly object[]) => {
  for (const record of records) bucket.put('1', JSON.stringify(record));
  return broken;
};

test('a life by the rules breaks nothing', () => {
  const done = { ...waiting, token: 1, stageIndex: 1 };
  expect(write(waiting, claimedBy('kaede', 1), done, { ...claimedBy('sakura', 2), stageIndex: 1 })).toEqual(
    [],
  );
});

test('a claim with an old token', () => {
  expect(write({ ...waiting, token: 3 }, claimedBy('kaede', 3))).toEqual(['growing tokens']);
});

test('a token that falls', () => {
  expect(write({ ...waiting, token: 3 }, { ...waiting, token: 2 })).toEqual(['growing tokens']);
});

test('a claim taken from somebody', () => {
  expect(write(waiting, claimedBy('kaede', 1), claimedBy('sakura', 2))).toEqual(['one holder']);
});

test('an agent with two tasks', () => {
  write(waiting, claimedBy('kaede', 1));
  bucket.put('2', JSON.stringify({ ...waiting, issue: { id: '2', blockedBy: [] } }));
  bucket.put('2', JSON.stringify({ ...claimedBy('kaede', 1), issue: { id: '2', blockedBy: [] } }));
  expect(broken).toEqual(['one holder']);
});

test('a claim before the blocker is over', () => {
  const issue = { id: '1', blockedBy: ['2'] };
  expect(write({ ...waiting, issue }, { ...claimedBy('kaede', 1), issue })).toEqual(['dependencies']);
});

test('more attempts than there may be', () => {
  expect(write({ ...waiting, attempts: 4 })).toEqual(['attempts']);
});

test('an attempt paid for a repository that is away', () => {
  expect(write({ ...waiting, reason: 'no worktree: The repository is away.' })).toEqual(['attempts']);
});
