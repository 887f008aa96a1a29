/** The published test vectors of HighwayHash: key 00 01 … 1f, data 00 01 … of each length. */
import { expect, test } from 'vitest';
import { highwayHash64 } from '../../src/nats-server/highway-hash.ts';

const key = Uint8Array.from({ length: 32 }, (_, index) => index);
const data = (length: number) => Uint8Array.from({ length }, (_, index) => index);

test.each([
  [0, 0x907a56de22c26e53n],
  [1, 0x7eab43aac7cddd78n],
  [2, 0xb8d0569ab0b53d62n],
  [3, 0x5c6befab8a463d80n],
])('%i bytes', (length, expected) => {
  expect(highwayHash64(key, data(length))).toBe(expected);
});
