/** The part of an orderly shutdown's time that each of those may take that have something left to write. */
import type { World } from './world.ts';

/** In ms. Several take theirs one after the other, and nats-server comes last. */
export const closingTime = ({ config }: Pick<World, 'config'>): number =>
  Math.ceil(config.shutdown.timeout * 0.2);
