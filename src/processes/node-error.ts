/** Telling the errors of Node's system calls apart, by their `code`. */

/** True for an error that carries a system error code such as `ENOENT`. */
export function isNodeError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
