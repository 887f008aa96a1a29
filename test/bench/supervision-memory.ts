/** Prints the bytes of heap that a supervised child takes; run as `node --expose-gc supervision-memory.js CHILDREN`. */
import { superviseChildren } from './supervised-children.ts';

const count = Number(process.argv[2]);
// The first tree brings in what all trees share.
superviseChildren(1);
const before = await heapInUse();
const tree = superviseChildren(count);
const after = await heapInUse();
if (tree.starts() !== count) throw new Error('not every child has started');
process.stdout.write(`${Math.round((after - before) / count)}\n`);

async function heapInUse(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}
