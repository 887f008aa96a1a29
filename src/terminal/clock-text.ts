/** Moments in the time zone of whoever looks. */

/** `2026-11-22 18:03:12.345` */
export function momentText(at: Date): string {
  return `${dayText(at)} ${clockText(at)}`;
}

/** `18:03:12.345` */
export function clockText(at: Date): string {
  const parts = [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => pad(part, 2));
  return `${parts.join(':')}.${pad(at.getMilliseconds(), 3)}`;
}

/** `2026-11-22` */
export function dayText(at: Date): string {
  return [pad(at.getFullYear(), 4), pad(at.getMonth() + 1, 2), pad(at.getDate(), 2)].join('-');
}

const pad = (value: number, length: number): string => String(value).padStart(length, '0');
