/** Where everything of one nats-server lies in its folder; touches no file. */
import { join } from 'node:path';

export interface StoreFolder {
  /** The folder itself, absolute. */
  root: string;
  configFile: string;
  /** Written by the server; it stays behind when the server ends. */
  pidFile: string;
  /** Written and rotated by the server. */
  logFile: string;
  /** What the server says before its log is open, or while it crashes. */
  errorFile: string;
  /** Locked by the server's own process for as long as it lives. */
  lockFile: string;
  /** The port chosen once, so that written-down addresses stay right. */
  portFile: string;
  jetStreamFolder: string;
  /** A folder for each stream: where nats-server puts those of the account ORCH. */
  streamsFolder: string;
  /** Copies of the streams' newest files, made before nats-server touches them. */
  newestBlocks: string;
  /** One file a user: its secret seed. */
  keysFolder: string;
}

/** @param root absolute, for example `<state>/nats` */
export function storeFolder(root: string): StoreFolder {
  return {
    root,
    configFile: join(root, 'nats.conf'),
    pidFile: join(root, 'nats-server.pid'),
    logFile: join(root, 'nats-server.log'),
    errorFile: join(root, 'nats-server.stderr'),
    lockFile: join(root, 'store.lock'),
    portFile: join(root, 'port'),
    jetStreamFolder: join(root, 'jetstream'),
    streamsFolder: join(root, 'jetstream', 'jetstream', 'ORCH', 'streams'),
    newestBlocks: join(root, 'newest-blocks'),
    keysFolder: join(root, 'keys'),
  };
}
