/** The text that a control client prints, taken apart into replies and notifications (tmux(1), CONTROL MODE). */

export interface ControlReply {
  /** False for a reply to something that this client did not write, such as the command it was started with. */
  readonly ours: boolean;
  readonly ok: boolean;
  readonly lines: readonly string[];
}

export interface ControlListener {
  reply(reply: ControlReply): void;
  /** A line outside of replies, such as `%window-close @3`. */
  notification(line: string): void;
}

/**
 * A reply stands between `%begin TIME NUMBER FLAGS` and `%end` or `%error` with the same three: a pane's text that
 * merely looks like an end does not end it.
 */
export class ControlParser {
  readonly #listener: ControlListener;
  #rest = '';
  #reply: { guard: string; lines: string[] } | undefined;

  constructor(listener: ControlListener) {
    this.#listener = listener;
  }

  /** Takes the next piece of text, cut anywhere. */
  push(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    const reply = this.#reply;
    if (reply === undefined) {
      if (line.startsWith('%begin ')) this.#reply = { guard: line.slice('%begin '.length), lines: [] };
      else if (line !== '') this.#listener.notification(line);
      return;
    }
    const ok = line === `%end ${reply.guard}`;
    if (ok || line === `%error ${reply.guard}`) {
      this.#reply = undefined;
      this.#listener.reply({ ours: reply.guard.endsWith(' 1'), ok, lines: reply.lines });
    } else {
      reply.lines.push(line);
    }
  }
}
