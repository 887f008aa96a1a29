/** What can go wrong with a backup or its restoring; every message ends with the remedy. */

export type BackupErrorCode =
  /** The file is not there or cannot be read. */
  | 'no-file'
  /** The file is something else than a backup of ours. */
  | 'foreign'
  /** A newer orchestra has written it. */
  | 'newer'
  /** Its end is missing. */
  | 'truncated'
  /** What is in it is not what was put in. */
  | 'damaged'
  /** Something else stands where the backup is to be written. */
  | 'not-replaced'
  /** The backup cannot be written: a full disk, a folder that is not there. */
  | 'unwritable'
  /** There is nothing to back up. */
  | 'nothing-there'
  /** A daemon has the state folder, or is about to. */
  | 'in-use'
  /** The state folder holds something that a restore would overwrite. */
  | 'not-empty'
  /** A restore was begun here and did not come to its end. */
  | 'restore-incomplete'
  /** The repository lacks what the backup builds on. */
  | 'repository'
  /** nats-server refused to give or to take a stream. */
  | 'stream';

export class BackupError extends Error {
  override readonly name = 'BackupError';
  readonly code: BackupErrorCode;

  constructor(code: BackupErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
