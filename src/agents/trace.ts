/** Whether a pane shows that something was typed into it: all that is left of a daemon that died while it typed. */
import type { AgentPlace } from './agent-place.ts';

/** `in the input`: the cursor stands right behind it, so nobody has pressed Enter yet. */
export type Trace = 'nothing' | 'in the input' | 'on the screen';

/** How far back is looked, in lines, scrollback included. */
const lines = 500;

/**
 * Looks for `mention`, the end of what was typed, a text that nothing else in the pane holds. Programs break long lines
 * and draw frames around their input, so neither white space nor box-drawing characters count.
 */
export async function traceOf(place: AgentPlace, mention: string): Promise<Trace> {
  const tmux = place.tmux.get();
  const pane = place.pane.get();
  const wanted = bare(mention);
  const before = await tmux.textBeforeCursor(pane);
  const isAtIt = bare(before.slice(before.lastIndexOf('\n') + 1)) !== '';
  if (isAtIt && bare(before).endsWith(wanted)) return 'in the input';
  const shown = await tmux.capture(pane, { lines });
  return bare(shown.join('')).includes(wanted) ? 'on the screen' : 'nothing';
}

const bare = (text: string): string => text.replace(/[\s\u2500-\u257f]+/gu, '');
