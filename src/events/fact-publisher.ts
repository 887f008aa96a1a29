/** Stamps facts, checks them against the table, and hands them to an outbox that keeps their order. */
import { type FactBody, type FactName, factSubject, facts } from './facts.ts';

/** Says that something has happened; never throws for a bus that is away. */
export type TellFact = <Name extends FactName>(name: Name, about: string, body: FactBody<Name>) => void;

export interface FactPublisherOptions {
  node: string;
  /** Takes a stamped fact; expected to keep it until the bus has it. */
  enqueue(subject: string, body: object): void;
  /** Hears of every fact as well, for the log. */
  heard(name: FactName, about: string, body: object): void;
}

export function createFactPublisher({ node, enqueue, heard }: FactPublisherOptions): TellFact {
  return (name, about, body) => {
    const checked = facts[name].body.parse(body);
    heard(name, about, checked);
    enqueue(factSubject(name, about), { at: new Date().toISOString(), node, ...checked });
  };
}
