/** One line for one transition, as people read it in a terminal or a file. */
import type { RecordedTransition } from '../journal/journal-page.ts';
import { momentText } from './clock-text.ts';
import { plainText } from './plain-text.ts';
import { causeText, moveText, placeText } from './transition-text.ts';

/** `2026-11-22 18:03:12.345 broker/bus  opening → open  by openResource done`; no control characters, whatever was recorded. */
export function transitionLine({ at, path, event, ...move }: RecordedTransition): string {
  const place = `${momentText(new Date(at))} ${placeText(path)}`;
  return plainText(`${place}  ${moveText(move)}  ${causeText(event)}`).trimEnd();
}

/** What stands before a transition that comes after a gap. */
export const gapText = (missing: number): string =>
  missing === 1 ? 'one transition is missing here' : `${missing} transitions are missing here`;
