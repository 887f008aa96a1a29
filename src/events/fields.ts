/** Fields that several events share. */
import { z } from 'zod';

/** Free text from people, agents or issues: data, at most 8 KiB of it is kept in a fact. */
export const text = z
  .string()
  .transform((value) => (value.length <= 8_192 ? value : `${value.slice(0, 8_191)}…`));

/** The Nats-Msg-Id of a message, or `ORCH_INBOX:<sequence>` for one that came without. */
export const messageId = z.string().min(1).max(256);

/** An agent's, role's or node's name. */
export const name = z.string().regex(/^[a-z0-9-]{1,32}$/);

/** A task's id: its issue's. */
export const taskId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,100}$/, 'a task id is made of A-Z, a-z, 0-9, _ and -');
