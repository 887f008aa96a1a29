/** HighwayHash with 64 bits, by which nats-server checks what it has stored: https://github.com/google/highwayhash */

const mask = 0xffff_ffff_ffff_ffffn;
const half = 0xffff_ffffn;

type Lanes = [bigint, bigint, bigint, bigint];

interface State {
  v0: Lanes;
  v1: Lanes;
  mul0: Lanes;
  mul1: Lanes;
}

/** @param key 32 bytes */
export function highwayHash64(key: Uint8Array, data: Uint8Array): bigint {
  const state = begin(lanesOf(key));
  const whole = data.length - (data.length % 32);
  for (let start = 0; start < whole; start += 32) update(state, lanesOf(data.subarray(start, start + 32)));
  if (whole < data.length) updateRest(state, data.subarray(whole));
  for (let round = 0; round < 4; round += 1) {
    const [a, b, c, d] = state.v0;
    update(state, [swapped(c), swapped(d), swapped(a), swapped(b)]);
  }
  return (state.v0[0] + state.v1[0] + state.mul0[0] + state.mul1[0]) & mask;
}

function begin(key: Lanes): State {
  const mul0: Lanes = [
    0xdbe6_d5d5_fe4c_ce2fn,
    0xa409_3822_299f_31d0n,
    0x1319_8a2e_0370_7344n,
    0x243f_6a88_85a3_08d3n,
  ];
  const mul1: Lanes = [
    0x3bd3_9e10_cb0e_f593n,
    0xc0ac_f169_b5f1_8a8cn,
    0xbe54_66cf_34e9_0c6cn,
    0x4528_21e6_38d0_1377n,
  ];
  const v0 = eachLane((lane) => mul0[lane] ^ key[lane]);
  const v1 = eachLane((lane) => mul1[lane] ^ swapped(key[lane]));
  return { v0, v1, mul0, mul1 };
}

function update({ v0, v1, mul0, mul1 }: State, lanes: Lanes): void {
  for (const lane of [0, 1, 2, 3] as const) {
    v1[lane] = (v1[lane] + mul0[lane] + lanes[lane]) & mask;
    mul0[lane] ^= (v1[lane] & half) * (v0[lane] >> 32n);
    v0[lane] = (v0[lane] + mul1[lane]) & mask;
    mul1[lane] ^= (v0[lane] & half) * (v1[lane] >> 32n);
  }
  zipperMerge(v1, v0);
  zipperMerge(v0, v1);
}

/** Adds the bytes of `from`, in an order that mixes well, to `to`. */
function zipperMerge(from: Lanes, to: Lanes): void {
  for (const [low, high] of [
    [0, 1],
    [2, 3],
  ] as const) {
    const [a, b] = [from[low], from[high]];
    const toLow =
      (((a & 0xff00_0000n) | (b & 0xff_0000_0000n)) >> 24n) |
      (((a & 0xff00_0000_0000n) | (b & 0xff_0000_0000_0000n)) >> 16n) |
      (a & 0xff_0000n) |
      ((a & 0xff00n) << 32n) |
      ((b & 0xff00_0000_0000_0000n) >> 8n) |
      ((a << 56n) & mask);
    const toHigh =
      (((b & 0xff00_0000n) | (a & 0xff_0000_0000n)) >> 24n) |
      (b & 0xff_0000n) |
      ((b & 0xff00_0000_0000n) >> 16n) |
      ((b & 0xff00n) << 24n) |
      ((a & 0xff_0000_0000_0000n) >> 8n) |
      ((b & 0xffn) << 48n) |
      (a & 0xff00_0000_0000_0000n);
    to[low] = (to[low] + toLow) & mask;
    to[high] = (to[high] + toHigh) & mask;
  }
}

/** The last, incomplete packet: fewer than 32 bytes. */
function updateRest(state: State, rest: Uint8Array): void {
  const size = BigInt(rest.length);
  const turn = (half32: bigint) => ((half32 << size) | (half32 >> (32n - size))) & half;
  for (const lane of [0, 1, 2, 3] as const) {
    state.v0[lane] = (state.v0[lane] + (size << 32n) + size) & mask;
    const value = state.v1[lane];
    state.v1[lane] = (turn(value >> 32n) << 32n) | turn(value & half);
  }
  const odd = rest.length % 4;
  const even = rest.length - odd;
  const packet = new Uint8Array(32);
  packet.set(rest.subarray(0, even));
  if (rest.length >= 16) packet.set(rest.subarray(rest.length - 4), 28);
  else if (odd > 0)
    packet.set([rest[even] ?? 0, rest[even + (odd >> 1)] ?? 0, rest[even + odd - 1] ?? 0], 16);
  update(state, lanesOf(packet));
}

const swapped = (value: bigint): bigint => (value >> 32n) | ((value & half) << 32n);

const eachLane = (make: (lane: 0 | 1 | 2 | 3) => bigint): Lanes => [make(0), make(1), make(2), make(3)];

function lanesOf(bytes: Uint8Array): Lanes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 32);
  return eachLane((lane) => view.getBigUint64(lane * 8, true));
}
