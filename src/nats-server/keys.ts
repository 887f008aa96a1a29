/** The users' nkeys: the secret seeds as files of which only their owner can read, the public keys for the config. */
import { existsSync } from 'node:fs';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createUser, fromSeed } from '@nats-io/nkeys';
import { NatsServerError } from './nats-server-error.ts';

/** The file of a user's seed; clients and the `nats` command take it as it is (`--nkey`). */
export function seedFile(keysFolder: string, user: string): string {
  return join(keysFolder, `${user}.nk`);
}

/**
 * The public key of each user; a user without a seed gets one.
 * @throws NatsServerError `bad-file` when a seed file holds no seed
 */
export async function publicKeys(keysFolder: string, users: readonly string[]): Promise<Map<string, string>> {
  await mkdir(keysFolder, { recursive: true, mode: 0o700 });
  await chmod(keysFolder, 0o700);
  const keys = new Map<string, string>();
  for (const user of users) {
    const file = seedFile(keysFolder, user);
    if (!existsSync(file)) await createSeed(file);
    keys.set(user, await publicKey(file));
  }
  return keys;
}

/** Linking a file that is already written makes the seed appear whole, and leaves alone one that came first. */
async function createSeed(file: string): Promise<void> {
  const arriving = `${file}.${process.pid}`;
  try {
    await writeFile(arriving, `${new TextDecoder().decode(createUser().getSeed())}\n`, {
      mode: 0o600,
      flush: true,
    });
    await link(arriving, file);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
  } finally {
    await rm(arriving, { force: true });
  }
}

async function publicKey(file: string): Promise<string> {
  await chmod(file, 0o600);
  const text = await readFile(file, 'utf8');
  try {
    return fromSeed(new TextEncoder().encode(text.trim())).getPublicKey();
  } catch (cause) {
    throw new NatsServerError(
      'bad-file',
      `${file} does not hold an nkey seed: delete it, and a new key is made at the next start.`,
      cause,
    );
  }
}
