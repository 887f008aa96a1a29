/** The conversation with a program that keeps running in its pane: tasks and messages are pasted, reports come back. */
import type { MessageView } from '../events/commands.ts';
import { TmuxError } from '../tmux/tmux-error.ts';
import type { AgentPlace } from './agent-place.ts';
import { beginTry, taskLine } from './begin-try.ts';
import { type Conversation, ConversationError, type Outcome } from './conversation.ts';
import { traceOf } from './trace.ts';
import { Turns } from './turns.ts';
import { until } from './until.ts';

export interface KeptOptions {
  /** Whether the program says that it is ready, or can be fed at once. */
  ready: 'report' | 'immediately';
  /** Whether the program confirms a task. */
  accept: 'report' | 'none';
}

/** How long a program may take to say that it is ready, in ms. */
const readyTimeout = 60_000;

/** A longer message is not pasted; the agent is told where to read it. */
const longestPaste = 2_000;

export function keptConversation(place: AgentPlace, options: KeptOptions): Conversation {
  const turns = new Turns();
  const submit = (text: string, acknowledged?: () => Promise<void>) =>
    turns.take(() => place.tmux.get().submit(place.pane.get(), text, acknowledged ? { acknowledged } : {}));

  const press = (key: 'Enter' | 'C-c' | 'C-u') =>
    turns.take(() => place.tmux.get().sendKeys(place.pane.get(), [key]));

  return {
    async ready(signal) {
      if (options.ready === 'immediately' || place.desk.isReady) return;
      const limit = AbortSignal.any([signal, AbortSignal.timeout(readyTimeout)]);
      await until<void>(limit, (resolve) => {
        const heard = () => resolve();
        place.desk.once('ready', heard);
        return () => place.desk.off('ready', heard);
      }).catch((cause: unknown) => {
        throw new ConversationError(
          'not-ready',
          `the program of ${place.name} did not say that it is ready`,
          cause,
        );
      });
    },

    /** Its program outlives its tasks; with its pane all that it has started ends. */
    clear: () => Promise.resolve(),

    async begin(assignment, signal) {
      beginTry(place, assignment);
      const { task } = assignment;
      const text = taskLine(assignment);
      if (options.accept === 'none') return submit(text);
      const accepted = until<void>(signal, (resolve) => {
        const heard = () => resolve();
        if (place.desk.isAccepted || place.desk.outcome) heard();
        place.desk.once('accepted', heard);
        place.desk.once('ended', heard);
        return () => {
          place.desk.off('accepted', heard);
          place.desk.off('ended', heard);
        };
      });
      accepted.catch(() => undefined);
      await submit(text, () => accepted).catch((cause: unknown) => {
        if (!(cause instanceof TmuxError) || cause.code !== 'not-accepted') throw cause;
        throw new ConversationError('not-accepted', `it did not accept task ${task}`, cause);
      });
    },

    /** Its reports come to the desk, which knows the assignment since the pane was adopted. */
    takeOver: () => undefined,

    outcome: (_assignment, signal) =>
      until<Outcome>(signal, (resolve) => {
        if (place.desk.outcome) resolve(place.desk.outcome);
        place.desk.once('ended', resolve);
        return () => place.desk.off('ended', resolve);
      }),

    async settle(_assignment, how) {
      place.desk.settle(how === 'recorded' ? how : 'abandoned');
      if (how !== 'broken-off') place.programSession.end();
    },

    async deliver(message, { redelivered }) {
      const trace = redelivered ? await turns.take(() => traceOf(place, mentionOf(message))) : undefined;
      // Pasted by a daemon that died before it could press Enter; a program that echoes nothing may hold it unseen.
      if (trace === 'in the input') await press('Enter');
      else if (trace === 'nothing') await press('C-u');
      if (trace === undefined || trace === 'nothing') await submit(messageLine(message));
      return 'delivered';
    },

    nudge: () => submit('orchestra: are you still at it? `orchestra task say "…"` tells how it goes.'),

    async interrupt() {
      await press('C-c');
    },

    close: () => Promise.resolve(),
  };
}

/** One line, so that a program that reads lines gets one message and not many. Its id tells whether it was typed already. */
function messageLine(message: MessageView): string {
  const { from, text } = message;
  if (text.length > longestPaste)
    return `message from ${from}: ${text.length} characters, read them with \`orchestra inbox\` ${mentionOf(message)}`;
  return `message from ${from}: ${text.replace(/\s*\n\s*/gu, ' ⏎ ')} ${mentionOf(message)}`;
}

const mentionOf = ({ id }: MessageView): string => `(${id})`;
