/** Orders to the fixture that is preloaded into the daemon: keep its event loop busy, shift its wall clock. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, Orchestra } from '../orchestra.ts';

const hour = 60 * 60_000;

export const hangLoop: Fault = async (orchestra, { lasting }) => {
  if (!(await order(orchestra, `hang ${lasting}`))) return { skipped: 'no daemon runs' };
  await pause(lasting);
  return { target: `for ${lasting} ms`, since: Date.now() };
};

/** Up to six hours, ahead or back; later jumps add up, and a restarted daemon finds the clock where it was. */
export const jumpClock: Fault = async (orchestra, { pick, turn }) => {
  const jump = Math.round((turn % 2 === 0 ? -1 : 1) * (0.5 + pick * 5.5) * hour);
  if (!(await order(orchestra, `clock ${jump}`))) return { skipped: 'no daemon runs' };
  return { target: `by ${(jump / hour).toFixed(1)} h`, since: Date.now() };
};

/** False when nobody is there to obey. A daemon that is only starting has its preload behind it when it has said that it is up. */
async function order({ ground, keeper, witness }: Orchestra, what: string): Promise<boolean> {
  if (keeper.pid === 0 || !(await witness.ask('status', {}))) return false;
  await writeFile(join(ground.control, 'order'), what);
  keeper.kill('SIGUSR2');
  return true;
}
