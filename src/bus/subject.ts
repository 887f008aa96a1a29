/** What may be a subject to publish to: text from outside never becomes a wildcard or a second token by accident. */
import { BusError } from './bus-error.ts';

/** Tokens between dots, none empty, without white space, control characters and wildcards. */
const publishable = /^[^\s.*>\p{Cc}]+(?:\.[^\s.*>\p{Cc}]+)*$/u;

/** @throws BusError `bad-subject` */
export function checkPublishable(subject: string): void {
  if (!publishable.test(subject)) {
    throw new BusError('bad-subject', `${JSON.stringify(subject)} is no subject to publish to`);
  }
}
