/** Writing to agents: stored by the bus before the sender goes on. */
import type { Bus, PublishReceipt } from '../bus/bus.ts';
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
 * @throws BusError `too-large` (names the limit), `denied`, `deadline`.
 */
export function sendMessage(bus: Bus, message: OutgoingMessage, deadline = 30_000): Promise<PublishReceipt> {
  const headers: Record<string, string> = { 'Orch-Type': 'message' };
  if (message.correlationId !== undefined) headers['Orch-Correlation-Id'] = message.correlationId;
  return bus.publish(inboxSubject(message.to, message.from), message.text, { headers, deadline });
}
