/** Everything that can go wrong between us and tmux, as one class. */

export type TmuxErrorCode =
  /** There is no tmux to run. */
  | 'missing'
  /** tmux is older than 3.2. */
  | 'too-old'
  /** The server could not be started or reached. */
  | 'start-failed'
  /** tmux refused a command; the message is tmux's own. */
  | 'command-failed'
  /** The pane or window is not there (any more). */
  | 'no-pane'
  /** Text was typed and typed again, and the program never acknowledged it. */
  | 'not-accepted'
  /** The server, or the connection to it, is gone; whether the command still took effect is unknown. */
  | 'lost';

export class TmuxError extends Error {
  override readonly name = 'TmuxError';
  readonly code: TmuxErrorCode;

  constructor(code: TmuxErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
