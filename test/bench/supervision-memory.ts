/** Prints the bytes of heap that a supervised child takes; run as `node --expose-gc supervision-memory.js CHILDREN`. */
import { superviseChildren } from './supervised-children.ts';

const size = Number(process.argv[2]);
/** So many supervisors that what the runtime itself does meanwhile is no matter. */
const count = Math.ceil(5000 / size);

// The first tree brings in what all trees share.
const first = superviseChildren(size);
const before = await heapInUse();
const trees = Array.from({ length: count }, () => superviseChildren(size));
const after = await heapInUse();
if ([first, ...trees].some((tree) => tree.starts() !== size)) throw new Error('not every child has started');
process.stdout.write(`${Math.round((after - before) / (count * size))}\n`);

async function heapInUse(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}
