/** Why an asked change cannot be made. */

export type ChangeRequestErrorCode =
  /** The path leaves the folder, is absolute, is git's own, or something on it is not a file or folder. */
  | 'forbidden-path'
  | 'file-missing'
  /** The text to replace is not in the file. */
  | 'text-not-found';

/** What `applyEdits` throws for a request that asks for something impossible. */
export class ChangeRequestError extends Error {
  override readonly name = 'ChangeRequestError';
  readonly code: ChangeRequestErrorCode;

  constructor(code: ChangeRequestErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
