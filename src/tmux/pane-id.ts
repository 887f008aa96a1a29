/** How panes are named: by the id tmux gives each for its life, never by index or by a window's name. */

/** A pane's id, `%` and a number; unique within one server and never used again by it. */
export type PaneId = `%${number}`;

/** A user option of a pane, tmux's place for our own marks. */
export type UserOption = `@${string}`;

/** True for a pane's id. */
export function isPaneId(text: string): text is PaneId {
  return /^%\d+$/.test(text);
}
