/** Reads a message block of nats-server's file store as far as it goes: which records stand where. */

export interface StoredRecord {
  readonly sequence: number;
  readonly subject: string;
  /** Offset of the first byte behind it. */
  readonly end: number;
}

/** Length, sequence, time stamp, length of the subject (nats-server 2.15, server/filestore.go: msgHdrSize). */
const headerSize = 22;
const hasHeadersBit = 0x8000_0000;
/** Marks an erased message or a tombstone. */
const specialBits = 0xc000_0000_0000_0000n;

/** Stops at the first thing that is no record, as in a compressed block. */
export function readBlock(content: Buffer): StoredRecord[] {
  const records: StoredRecord[] = [];
  for (let at = 0; at + headerSize <= content.length; ) {
    const length = (content.readUInt32LE(at) & ~hasHeadersBit) >>> 0;
    const sequence = content.readBigUInt64LE(at + 4);
    const subjectLength = content.readUInt16LE(at + 20);
    const end = at + length;
    if (length < headerSize + subjectLength || end > content.length) break;
    const subject = content.toString('utf8', at + headerSize, at + headerSize + subjectLength);
    if ((sequence & specialBits) === 0n) records.push({ sequence: Number(sequence), subject, end });
    at = end;
  }
  return records;
}
