/** The sizes in pixels that placing and drawing have to agree on. */

/** Of the dot where a compound state begins. */
export const dotSize = 12;
/** Of a state's title; its rows follow below. */
export const titleHeight = 28;
/** From one row of a state to the next, and from one line on an arrow to the next. */
export const rowHeight = 16;
export const labelLineHeight = 14;
/** Between a border and the text within it. */
export const sidePadding = 12;
export const labelPadding = 5;

/** Of the part of a state that holds its title and rows; all of an atomic state, the top of an outer one. */
export function headHeight(rows: number): number {
  return titleHeight + (rows === 0 ? 0 : rows * rowHeight + 8);
}
