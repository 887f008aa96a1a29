/** The conversation with a program that keeps running in its pane: tasks and messages are pasted, reports come back. */
import type { MessageView } from '../events/commands.ts';
import type { AgentPlace } from './agent-place.ts';
import { type Conversation, ConversationError, type Outcome } from './conversation.ts';
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

    async begin(assignment, signal) {
      place.desk.assign(assignment);
      const { task, stage, taskFile } = assignment;
      const text = `orchestra: task ${task}, stage ${stage}. Read ${taskFile} and begin.`;
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
        throw new ConversationError('not-accepted', `${place.name} did not accept task ${task}`, cause);
      });
    },

    outcome: (_assignment, signal) =>
      until<Outcome>(signal, (resolve) => {
        if (place.desk.outcome) resolve(place.desk.outcome);
        place.desk.once('ended', resolve);
        return () => place.desk.off('ended', resolve);
      }),

    async settle(_assignment, how) {
      place.desk.settle(how);
    },

    async deliver(message) {
      await submit(messageLine(message));
      return 'delivered';
    },

    nudge: () => submit('orchestra: are you still at it? `orchestra task say "…"` tells how it goes.'),

    async interrupt() {
      await turns.take(() => place.tmux.get().sendKeys(place.pane.get(), ['C-c']));
    },

    close: () => Promise.resolve(),
  };
}

/** One line, so that a program that reads lines gets one message and not many. */
function messageLine({ from, text, id }: MessageView): string {
  if (text.length > longestPaste)
    return `message from ${from}: ${text.length} characters, read them with \`orchestra inbox\` (${id})`;
  return `message from ${from}: ${text.replace(/\s*\n\s*/gu, ' ⏎ ')}`;
}
