/** The state folder cannot be used; the message ends with the remedy. */

export class StateFolderError extends Error {
  override readonly name = 'StateFolderError';
  readonly code = 'unusable';

  constructor(folder: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `The state folder ${folder} cannot be used (${reason}). Name another with \`state\` in the config, or with --state-folder.`,
      { cause },
    );
  }
}
