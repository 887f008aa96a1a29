import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SimulatedTime } from './simulated-time.ts';

let time: SimulatedTime;
let told: string[];

beforeEach(() => {
  time = new SimulatedTime();
  told = [];
});
afterEach(() => time.end());

const tell = (what: string) => () => {
  told.push(`${what} at ${time.elapsed}`);
};

async function steps(count: number): Promise<string[]> {
  for (let step = 0; step < count; step += 1) await time.step();
  return told;
}

test('timers, promises of timers and turns go by it, and what they set off has run before the next one', async () => {
  void pause(20).then(turn).then(tell('promise'));
  setTimeout(tell('timer'), 10);
  const interval = setInterval(tell('interval'), 15);
  expect(await steps(4)).toEqual(['timer at 10', 'interval at 15', 'promise at 20']);
  clearInterval(interval);
  expect(time.daemonTimers).toBe(0);
});

test('a wait of a part of a millisecond takes one, so that waiting again and again comes to an end', async () => {
  const until = Date.now() + 2;
  const wait = async () => {
    while (Date.now() < until) await pause(0.5);
    tell('over')();
  };
  void wait();
  expect(await steps(2)).toEqual(['over at 2']);
});

test('a dead daemon does nothing more; the world around it goes on', async () => {
  setTimeout(tell('daemon'), 5);
  setInterval(tell('daemon'), 5);
  setImmediate(tell('daemon'));
  time.after(7, tell('world'));
  time.forgetDaemon();
  expect(time.daemonTimers).toBe(0);
  expect(await steps(1)).toEqual(['world at 7']);
});

test('a daemon that stands still does afterwards what was due', async () => {
  setTimeout(tell('daemon'), 5);
  time.after(7, tell('world'));
  time.stopDaemon(100);
  expect(await steps(2)).toEqual(['world at 7', 'daemon at 100']);
});

test('a jump of the wall clock moves dates and no timers', async () => {
  const before = Date.now();
  setTimeout(tell('timer'), 10);
  time.setWallClock(3_600_000);
  expect(Date.now() - before).toBe(3_600_000);
  expect(await steps(1)).toEqual(['timer at 10']);
});

test('time-outs of signals go by it', async () => {
  AbortSignal.timeout(30).addEventListener('abort', tell('signal'));
  expect(await steps(1)).toEqual(['signal at 30']);
});
