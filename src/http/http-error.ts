/** The page cannot be served; the message is for people and ends with what to do. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: 'port-taken' | 'lost';
  constructor(code: HttpError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
