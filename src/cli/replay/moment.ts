/** Moments as people type them: a time of day, a date and time, or how long ago. */
import { parse } from '@lukeed/ms';
import { InvalidArgumentError } from 'commander';

const day = /^\d{4}-\d{2}-\d{2}$/u;
const dayAndTime = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?$/iu;
const timeOfDay = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/u;
const duration = /^\d*\.?\d+\s*[a-z]+$/iu;

const earliest = new Date(0);

/**
 * `18:03`, `18:03:12` (today, or yesterday when that is still to come), `2026-11-22T18:03:12Z`, `2026-11-22 18:03`,
 * `2026-11-22`, or a duration ago such as `10m`. Without a zone it is the local time. Before 1970 nothing was stored: what
 * is earlier is taken for its beginning.
 * @throws InvalidArgumentError
 */
export function parseMoment(text: string, now = new Date()): Date {
  const found = atTimeOfDay(text, now) ?? atDate(text) ?? ago(text, now);
  if (!found || Number.isNaN(found.getTime()))
    throw new InvalidArgumentError(
      'give a time of day (18:03, 18:03:12), a date and time (2026-11-22T18:03:12Z, 2026-11-22), or how long ago (10m, 2h)',
    );
  if (found > now) throw new InvalidArgumentError('that is still to come');
  return found < earliest ? earliest : found;
}

function atTimeOfDay(text: string, now: Date): Date | undefined {
  const [, hours, minutes, seconds = '0'] = timeOfDay.exec(text) ?? [];
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)];
  if (!(hour < 24 && minute < 60 && second < 60)) return undefined;
  const at = new Date(now);
  at.setHours(hour, minute, second, 0);
  if (at > now) at.setDate(at.getDate() - 1);
  return at;
}

function atDate(text: string): Date | undefined {
  if (day.test(text)) return onCalendar(text, new Date(`${text}T00:00`));
  const [, date, time, zone = ''] = dayAndTime.exec(text) ?? [];
  if (date === undefined) return undefined;
  return onCalendar(date, new Date(`${date}T${time}${zone.toUpperCase()}`));
}

/** JavaScript takes February 30 for March 2. */
function onCalendar(date: string, at: Date): Date | undefined {
  const atNoon = new Date(`${date}T12:00Z`);
  return !Number.isNaN(atNoon.getTime()) && atNoon.toISOString().startsWith(date) ? at : undefined;
}

function ago(text: string, now: Date): Date | undefined {
  const length = duration.test(text) ? (parse(text) ?? nothing(text)) : undefined;
  return length === undefined ? undefined : new Date(Math.max(now.getTime() - length, earliest.getTime()));
}

/** `0s` is now; the parser takes no zero. */
const nothing = (text: string): number | undefined =>
  Number.parseFloat(text) === 0 && parse(text.replace(/^[\d.]+/u, '1')) !== undefined ? 0 : undefined;
