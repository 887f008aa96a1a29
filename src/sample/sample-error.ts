/** Why the sample cannot be made. */

export type SampleErrorCode =
  /** Files that are not the sample's lie where it belongs. */
  'occupied';

/** The only error of its own that making the sample throws; git's come as they are. */
export class SampleError extends Error {
  override readonly name = 'SampleError';
  readonly code: SampleErrorCode;

  constructor(code: SampleErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
