/** Writing to agents: stored by the bus before the sender goes on. */
import type { Bus, PublishReceipt } from '../bus/bus.ts';
import { BusError } from '../bus/bus-error.ts';
import { largestMessage } from '../bus/stream-definitions.ts';
import { inboxSubject } from '../events/commands.ts';

export interface OutgoingMessage {
  to: string;
  /** The writing agent; people's messages carry no sender in the subject. */
  from?: string | undefined;
  text: string;
  correlationId?: string | undefined;
}

/**
 * Publishes until the inbox has it.
 * @throws BusError `too-large` (names the limit), `no-space` (the inbox is full), `denied`, `deadline`.
 */
export async function sendMessage(
  bus: Bus,
  message: OutgoingMessage,
  deadline = 30_000,
): Promise<PublishReceipt> {
  const headers: Record<string, string> = { 'Orch-Type': 'message' };
  if (message.correlationId !== undefined) headers['Orch-Correlation-Id'] = message.correlationId;
  try {
    return await bus.publish(inboxSubject(message.to, message.from), message.text, { headers, deadline });
  } catch (error) {
    throw error instanceof BusError ? forPeople(error, message) : error;
  }
}

/** What the sender can do about it. */
function forPeople(error: BusError, { to, text }: OutgoingMessage): BusError {
  switch (error.code) {
    case 'no-space':
      return new BusError(
        'no-space',
        `The inbox of ${to} is full: the message was not stored. Send it again when ${to} has handled some; \`orchestra inbox ${to}\` shows what is there.`,
        { cause: error },
      );
    case 'too-large':
      return new BusError(
        'too-large',
        `The message has ${Buffer.byteLength(text)} bytes; ${largestMessage} with its headers are the most. Put it into a file, and send its path.`,
        { cause: error },
      );
    default:
      return error;
  }
}
