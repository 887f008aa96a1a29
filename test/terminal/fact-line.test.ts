/** One line for one fact: for every fact of the table, whatever its body holds. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FactName, facts } from '../../src/events/facts.ts';
import { factLine } from '../../src/terminal/fact-line.ts';
import { bodyOf } from '../events/fact-bodies.ts';

const names = Object.keys(facts) as FactName[];
const at = '2025-06-01T12:00:00.000Z';
const time = new Date(at).toLocaleTimeString('en-GB');
const line = (name: FactName, about: string, body: Record<string, unknown>) =>
  factLine({ name, about, at, node: 'local', body });

describe.each(names)('%s', (name) => {
  test('is one line without control characters that begins with the time', () => {
    fc.assert(
      fc.property(bodyOf(name), (body) => {
        const drawn = line(name, 'kaede', facts[name].body.parse(body));
        expect(drawn).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
        expect(drawn.startsWith(`${time} `)).toBe(true);
        expect(drawn).not.toContain('undefined');
      }),
      { numRuns: 20, examples: [] },
    );
  });

  test('says something beyond whom it is about', () => {
    const [body] = fc.sample(bodyOf(name), { numRuns: 1, seed: 1 });
    const drawn = line(name, 'kaede', facts[name].body.parse(body));
    expect(
      drawn
        .slice(`${time} `.length)
        .replace(/^(task )?kaede/, '')
        .trim(),
    ).not.toBe('');
  });
});

test('a time that cannot be read does not stop it', () => {
  expect(factLine({ name: 'task.closed', about: '7', at: 'soon', node: 'local', body: {} })).toContain(
    'task 7',
  );
});

test.each([
  [
    line('task.claimed', '7', { agent: 'kaede', stage: 'codegen', token: 1, attempt: 1 }),
    'task 7    codegen → kaede',
  ],
  [
    line('task.claimed', '7', { agent: 'kaede', stage: 'codegen', token: 2, attempt: 2 }),
    'task 7    codegen → kaede, attempt 2',
  ],
  [
    line('agent.process.exited', 'kaede', { run: 'r', status: 0, noticedBy: 'poll' }),
    'kaede     program ended: status 0 (seen by poll)',
  ],
  [
    line('agent.process.exited', 'kaede', { run: 'r', signal: 'SIGKILL', noticedBy: 'poll' }),
    'kaede     program ended: SIGKILL (seen by poll)',
  ],
  [
    line('agent.stalled', 'kaede', { silentFor: 300_400, evidence: '' }),
    'kaede     gave no sign of life for 300 s',
  ],
  [
    line('task.finished', '7', { agent: 'kaede', stage: 'pr', token: 1, outcome: 'done', summary: '' }),
    'task 7    kaede: pr done',
  ],
  [
    line('node.config.reloaded', 'local', { needsRestart: ['agents', 'tmux'] }),
    'local     config read anew; takes a restart: agents,tmux',
  ],
])('%j', (drawn, said) => {
  expect(drawn).toBe(`${time} ${said}`);
});
