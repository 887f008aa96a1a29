/** Makes a running server take a new set of agents; whoever is connected and still allowed stays connected. */
import { setTimeout as delay } from 'node:timers/promises';
import { type ServerSettings, writeConfigFile } from './config-file.ts';
import { seedFile } from './keys.ts';
import { NatsServerError } from './nats-server-error.ts';
import { isAccepted } from './readiness.ts';
import { urlOf } from './server-config.ts';
import type { ServerProcess } from './server-process.ts';

/** A reload takes some 50 ms; this is for a machine that is busy with other things. */
const patienceMs = 30_000;

/**
 * Rewrites the config, has the server read it, and waits until every new user gets in and every removed one does not.
 * @param keys what the running config lets in
 * @returns what the new one lets in
 * @throws NatsServerError `bad-user-name`, `bad-file`, `not-running` or `reload-timeout`
 */
export async function reloadServer(
  server: ServerProcess,
  settings: ServerSettings,
  keys: ReadonlyMap<string, string>,
  agents: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const newKeys = await writeConfigFile(settings, agents);
  const added = [...newKeys].filter(([user, key]) => keys.get(user) !== key).map(([user]) => user);
  const removed = [...keys.keys()].filter((user) => !newKeys.has(user));
  if (added.length + removed.length === 0) return newKeys;

  server.kill('SIGHUP');
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    const isDone = await isInEffect(settings, added, removed);
    // A server that has ended lets no one in either: that is not what was asked.
    if (server.exit()) {
      throw new NatsServerError('not-running', 'nats-server has ended: launch it with the new agents.');
    }
    if (isDone) return newKeys;
    if (Date.now() > giveUpAt) {
      throw new NatsServerError(
        'reload-timeout',
        `nats-server did not take its new users in ${patienceMs / 1_000} s: see ${settings.folder.logFile}, or restart it.`,
      );
    }
    await delay(20);
  }
}

async function isInEffect(settings: ServerSettings, added: string[], removed: string[]): Promise<boolean> {
  const getsIn = (user: string) =>
    isAccepted(urlOf(settings.port), seedFile(settings.folder.keysFolder, user));
  const [newcomers, leavers] = await Promise.all([
    Promise.all(added.map(getsIn)),
    Promise.all(removed.map(getsIn)),
  ]);
  // One of which a busy server says nothing yet may still get in.
  return newcomers.every((accepted) => accepted === true) && leavers.every((accepted) => accepted === false);
}
