/** Each message is handled once or is in the dead letters, once. */
import type { Evidence } from '../evidence.ts';
import type { SentMessage } from '../message-ledger.ts';
import { damagedLedgers } from './declared-damage.ts';
import { type Violation, violations } from './violation.ts';

export function checkMessages(evidence: Evidence): Violation[] {
  const sentences = evidence.messages.flatMap((message) => problemsOf(message, evidence));
  return violations('each message is handled once or in the dead letters', sentences);
}

/** The program that says what it has read. */
const reader = 'momiji';

function problemsOf({ id, to, word, fate }: SentMessage, evidence: Evidence): string[] {
  const read = evidence.log.filter(({ event, text }) => event === 'message' && text?.includes(word)).length;
  const told = evidence.facts.filter(
    ({ name, about, body }) => name === 'agent.message.delivered' && about === to && body['message'] === id,
  );
  const dead = evidence.dead.filter(({ message }) => message.id === id).length;
  const isRecorded = evidence.handled.get(to)?.has(id) ?? false;
  const isForgotten = damagedLedgers(evidence).has(to);
  const found = `message ${id} to ${to} (to be ${fate}): read ${read} times, told as delivered ${told.length} times, ${isRecorded ? 'on record as handled' : 'not on record as handled'}, ${dead} times in the dead letters`;
  const isWrong = () => {
    if (fate === 'refused') return read + told.length + dead > 0;
    if (fate === 'dead') return dead !== 1 || read > 0;
    if (dead > 0) return dead > 1 || told.length > 0;
    if (isForgotten) return read + told.length === 0;
    if (!isRecorded || read > 1 || told.length > 1) return true;
    // Typed into a program that was killed before it read its terminal, it is handled and was never read.
    return to === reader && read === 0 && !told.some(({ storedAt }) => diedSoonAfter(evidence, storedAt));
  };
  return isWrong() ? [found] : [];
}

/** How long a program that is at work may take to read its terminal, in ms. */
const readingTime = 5_000;

const diedSoonAfter = ({ struck }: Evidence, at: number): boolean =>
  struck.some(({ since, recovery }) => since - readingTime < at + readingTime && at < since + recovery);
