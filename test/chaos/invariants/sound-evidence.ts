/** The evidence of a run without a fault, to be spoilt by tests: two tasks, the second behind the first, and a message. */
import type { FactName } from '../../../src/events/facts.ts';
import type { TaskRecord } from '../../../src/tasks/task-record.ts';
import type { Evidence } from '../evidence.ts';
import { drawIssues } from '../issues.ts';
import { factKey, type WitnessedFact } from '../witness.ts';

export const fact = (sequence: number, name: FactName, about: string, body: object = {}): WitnessedFact => ({
  sequence,
  name,
  about,
  storedAt: sequence,
  at: new Date(sequence).toISOString(),
  node: 'local',
  body: { ...body },
});

const held = (agent: string, stage: string, token: number, outcome?: string): object => ({
  agent,
  stage,
  token,
  attempt: 1,
  summary: '',
  ...(outcome && { outcome }),
});

const done = { outcome: 'done', summary: '', at: '' } as const;

function record(id: string): TaskRecord {
  const history = [
    { stage: 'codegen', agent: 'kaede', token: 1, ...done },
    { stage: 'deploy', agent: 'botan', token: 2, ...done },
  ];
  const rest = {
    flow: ['codegen', 'deploy'],
    stageIndex: 2,
    token: 2,
    attempts: 0,
    maxAttempts: 3,
    agents: {},
  };
  const issue = {
    id,
    title: id,
    body: '',
    labels: [],
    priority: 2,
    blockedBy: [],
    createdAt: '',
    closed: false,
  };
  return {
    issue,
    state: 'done',
    claim: null,
    reason: '',
    history,
    evidence: '',
    ...rest,
  } as unknown as TaskRecord;
}

const life = (id: string, from: number): WitnessedFact[] => [
  fact(from, 'task.claimed', id, held('kaede', 'codegen', 1)),
  fact(from + 1, 'task.finished', id, held('kaede', 'codegen', 1, 'done')),
  fact(from + 2, 'task.claimed', id, held('botan', 'deploy', 2)),
  fact(from + 3, 'task.finished', id, held('botan', 'deploy', 2, 'done')),
  fact(from + 4, 'task.completed', id, { title: id }),
];

export function soundEvidence(): Evidence {
  const facts = [
    ...life('1', 1),
    ...life('2', 11),
    fact(21, 'agent.message.delivered', 'momiji', { message: 'm', from: 'operator' }),
  ];
  const [first, second] = drawIssues(1, 2);
  if (!first || !second) throw new Error('two issues were asked for');
  return {
    issues: [first, { ...second, blockedBy: ['1'] }],
    struck: [],
    deaths: [],
    facts,
    tasks: new Map([
      ['1', record('1')],
      ['2', record('2')],
    ]),
    log: [{ event: 'message', agent: 'momiji', run: 7, at: 21, text: 'word-1-end: are you there?' }],
    messages: [{ id: 'm', to: 'momiji', word: 'word-1-end', fate: 'handled' }],
    dead: [],
    handled: new Map([['momiji', new Set(['m'])]]),
    lastEnd: 'status 0',
    processes: [],
    worktrees: [],
    daemonFiles: [],
    commits: new Map([
      ['1', 1],
      ['2', 1],
    ]),
    labels: new Map([
      ['1', ['status:done']],
      ['2', ['status:done']],
    ]),
    comments: new Map([
      ['1', ['1.done.2']],
      ['2', ['2.done.2']],
    ]),
    stored: new Set(facts.map(factKey)),
  };
}
