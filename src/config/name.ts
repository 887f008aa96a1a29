/** Names that people choose in the config and that stand everywhere else. */
import { z } from 'zod';

/** A name that stands in NATS subjects, file names and tmux options: agents, roles, nodes. */
export const Name = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'use 1 to 32 of a-z, 0-9 and -, for example "kaede"');
