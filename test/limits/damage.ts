/** Damage to nats-server's files, as a bad disk or an unlucky crash makes it. */
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { storeFolder } from '../../src/nats-server/store-folder.ts';

/** The newest file of a stream. `directory` is nats-server's. */
export async function newestBlock(directory: string, stream: string): Promise<string> {
  const messages = join(storeFolder(directory).streamsFolder, stream, 'msgs');
  const blocks = (await readdir(messages)).filter((name) => name.endsWith('.blk'));
  const newest = Math.max(...blocks.map((name) => Number.parseInt(name, 10)));
  return join(messages, `${newest}.blk`);
}

/** Overwrites some bytes where `part` (0 to 1) of the file is. */
export async function corrupt(file: string, part: number, length = 64): Promise<void> {
  const { size } = await stat(file);
  const handle = await open(file, 'r+');
  try {
    await handle.write(Buffer.alloc(length, 0x5a), 0, length, Math.floor(size * part));
  } finally {
    await handle.close();
  }
}

/** Overwrites the text where it is found first: one record and no more. */
export async function corruptBody(file: string, text: string): Promise<void> {
  const at = (await readFile(file)).indexOf(text);
  if (at < 0) throw new Error(`${text} is not in ${file}`);
  const handle = await open(file, 'r+');
  try {
    await handle.write(Buffer.alloc(text.length, 0x5a), 0, text.length, at);
  } finally {
    await handle.close();
  }
}
