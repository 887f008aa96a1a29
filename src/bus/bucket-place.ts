/** Where a bucket's keys are on the wire, by the convention of NATS's key-value store (ADR-8). */
import { BusError } from './bus-error.ts';

export interface BucketPlace {
  name: string;
  stream: string;
  subject: (key: string) => string;
  key: (subject: string) => string;
}

export function bucketPlace(name: string): BucketPlace {
  if (!/^[\w-]+$/.test(name)) throw new BusError('bad-key', `${JSON.stringify(name)} is no bucket name`);
  const prefix = `$KV.${name}.`;
  return {
    name,
    stream: `KV_${name}`,
    subject: (key) => `${prefix}${key}`,
    key: (subject) => subject.slice(prefix.length),
  };
}

/** @throws BusError `bad-key` */
export function checkKey(key: string): void {
  if (/^[-/_=\w]+(?:\.[-/_=\w]+)*$/.test(key)) return;
  throw new BusError(
    'bad-key',
    `${JSON.stringify(key)} is no key: letters, digits and -/_=. only, no dot at the ends`,
  );
}
