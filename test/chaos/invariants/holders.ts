/** No two agents ever held one task at one time, no agent two tasks, and the tokens of a task only grow. */
import type { Evidence, WitnessEvent } from '../evidence.ts';
import type { WitnessedFact } from '../witness.ts';
import { type Violation, violations } from './violation.ts';

interface Hold {
  readonly task: string;
  readonly agent: string;
  readonly token: number;
  readonly from: number;
  /** Position of the fact that ended it; undefined when none was told. */
  readonly to: number | undefined;
}

export function checkHolders(evidence: Evidence): Violation[] {
  const holds = holdsIn(evidence.facts);
  return [
    ...violations('no two agents hold one task at one time', [
      ...overlapping(holds, 'task'),
      ...evidence.log.filter(({ event }) => event === 'overlap').map(found),
    ]),
    ...violations('no agent holds two tasks at one time', overlapping(holds, 'agent')),
    ...violations(
      "an agent's whole process tree dies with it",
      evidence.log.filter(({ event }) => event === 'not-alone').map(found),
    ),
    ...violations('tokens grow', [...growing(holds), ...growingInLog(evidence.log)]),
  ];
}

const ends = new Set(['task.finished', 'task.released', 'task.failed', 'task.blocked', 'task.closed']);

function holdsIn(facts: readonly WitnessedFact[]): Hold[] {
  return facts.flatMap(({ name, about, body }, from): Hold[] => {
    if (name !== 'task.claimed') return [];
    const token = Number(body['token']);
    const later = facts.slice(from + 1);
    const next = later.findIndex((fact) => fact.name === 'task.claimed' && fact.about === about);
    // Without a token it is about the newest claim: the end of an earlier one was lost with a daemon that could not tell it.
    const isEnd = (fact: WitnessedFact, index: number) =>
      fact.about === about &&
      ends.has(fact.name) &&
      (fact.body['token'] === undefined ? next < 0 || index < next : fact.body['token'] === token);
    const after = later.findIndex(isEnd);
    return [
      {
        task: about,
        agent: String(body['agent']),
        token,
        from,
        to: after < 0 ? undefined : from + 1 + after,
      },
    ];
  });
}

/** Of a hold whose end was not told nothing is known; the programs' own locks speak for it. */
function overlapping(holds: readonly Hold[], by: 'task' | 'agent'): string[] {
  return holds.flatMap((hold) => {
    const { to } = hold;
    if (to === undefined) return [];
    const others = holds.filter(
      (other) => other[by] === hold[by] && other.from > hold.from && other.from < to,
    );
    return others.map((other) => `${describe(hold)} had not ended when ${describe(other)} began`);
  });
}

function growing(holds: readonly Hold[]): string[] {
  return holds.flatMap((hold, index) => {
    const before = holds.slice(0, index).filter(({ task }) => task === hold.task);
    const higher = before.find(({ token }) => token >= hold.token);
    return higher ? [`${describe(hold)} came after ${describe(higher)}`] : [];
  });
}

/** A program that begins with an older token than one before it has been overtaken. */
function growingInLog(log: readonly WitnessEvent[]): string[] {
  const begins = log.filter(({ event }) => event === 'begin');
  return begins.flatMap((begin, index) => {
    const higher = begins
      .slice(0, index)
      .find(({ task, token = 0 }) => task === begin.task && token > (begin.token ?? 0));
    return higher ? [`${found(begin)}, after ${found(higher)}`] : [];
  });
}

const describe = ({ task, agent, token }: Hold): string => `${agent}'s hold on task ${task} (token ${token})`;

const found = ({ event, agent, task, token, run, at }: WitnessEvent): string =>
  `${agent} says ${event} of task ${task} (token ${token}, process ${run}) at ${new Date(at).toISOString()}`;
