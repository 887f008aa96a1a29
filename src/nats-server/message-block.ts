/** Reads the files in which nats-server keeps a stream's messages (`<n>.blk`, filestore.go of 2.15.1), as far as they are whole. */
import { createHash } from 'node:crypto';
import { highwayHash64 } from './highway-hash.ts';

export interface BlockRecord {
  sequence: number;
  /** When it was stored. */
  time: Date;
  subject: string;
  /** As on the wire (`NATS/1.0` and lines), empty without. */
  headers: Uint8Array;
  data: Uint8Array;
  /** Whether its checksum is right. Looking costs some 0.3 µs a byte. */
  isWhole(): boolean;
}

/** Length, sequence, time and the subject's length; all little-endian. */
const headSize = 22;
const checksumSize = 8;
/** The highest bit of the length says that there are headers; those of the sequence mark what was deleted. */
const headersBit = 0x8000_0000;
const deletedBits = 0xc000_0000_0000_0000n;
/** A length is only believed below this: nats-server takes messages of 1 MiB. */
const largestRecord = 16 * 1024 ** 2;

export interface ReadBlock {
  /** In the order of the file, without those that were deleted later in the same file. */
  records: BlockRecord[];
  /** So many more are too damaged to be told apart. */
  illegible: number;
}

/** `index` is the file's number. */
export function readBlock(stream: string, index: number, block: Buffer): ReadBlock {
  const key = createHash('sha256').update(`${stream}-${index}`).digest();
  const records = new Map<number, BlockRecord>();
  let illegible = 0;
  for (const { sequence, mark, record, skipped } of cutBlock(block)) {
    illegible += skipped;
    if (mark === 0n) records.set(sequence, readRecord(key, record, sequence));
    else records.delete(sequence);
  }
  return { records: [...records.values()], illegible };
}

interface Cut {
  sequence: number;
  /** The bits that say that it was deleted. */
  mark: bigint;
  record: Buffer;
  /** Sequences before it that could not be cut out. */
  skipped: number;
}

function* cutBlock(block: Buffer): Generator<Cut, void> {
  let last = 0;
  let isBehindDamage = false;
  for (let at = 0; at + headSize + checksumSize <= block.length; ) {
    const size = recordSize(block, at);
    if (size === undefined) {
      const next = findRecord(block, at, last);
      if (next === undefined) return;
      at = next;
      isBehindDamage = true;
      continue;
    }
    const marked = block.readBigUInt64LE(at + 4);
    const mark = marked & deletedBits;
    const sequence = Number(marked & ~deletedBits);
    const skipped = isBehindDamage ? sequence - last - 1 : 0;
    isBehindDamage = false;
    if (mark === 0n) last = sequence;
    yield { sequence, mark, record: block.subarray(at, at + size), skipped };
    at += size;
  }
}

/** The size of the record that begins here; undefined where none can. */
function recordSize(block: Buffer, at: number): number | undefined {
  if (at + headSize + checksumSize > block.length) return undefined;
  const size = block.readUInt32LE(at) & ~headersBit;
  const subjectSize = block.readUInt16LE(at + 20);
  const fits = size >= headSize + subjectSize + checksumSize && at + size <= block.length;
  return fits && size <= largestRecord ? size : undefined;
}

/** Behind a damaged one: the place of one of the next sequences, where a record can begin. */
function findRecord(block: Buffer, after: number, last: number): number | undefined {
  const wanted = Buffer.alloc(8);
  for (let ahead = 1; ahead <= 16; ahead += 1) {
    wanted.writeBigUInt64LE(BigInt(last + ahead));
    const found = block.indexOf(wanted, after + 5) - 4;
    if (found > after && recordSize(block, found) !== undefined) return found;
  }
  return undefined;
}

function readRecord(key: Buffer, record: Buffer, sequence: number): BlockRecord {
  const hasHeaders = (record.readUInt32LE(0) & headersBit) !== 0;
  const subjectEnd = headSize + record.readUInt16LE(20);
  const end = record.length - checksumSize;
  const headersStart = hasHeaders ? subjectEnd + 4 : subjectEnd;
  const headersSize = hasHeaders && headersStart <= end ? record.readUInt32LE(subjectEnd) : 0;
  const headersEnd = Math.min(headersStart + headersSize, end);
  const subject = record.subarray(headSize, subjectEnd);
  const headers = record.subarray(headersStart, headersEnd);
  const data = record.subarray(headersEnd, end);
  return {
    sequence,
    time: new Date(Number(record.readBigInt64LE(12) / 1_000_000n)),
    subject: subject.toString(),
    headers,
    data,
    // The checksum leaves out the lengths.
    isWhole: () =>
      record.readBigUInt64LE(end) ===
      highwayHash64(key, Buffer.concat([record.subarray(4, 20), subject, headers, data])),
  };
}
