/** Trap: an Error becomes `{}` in JSON, and with it the reason of every crash. */
import { expect, test } from 'vitest';
import { fromCallback } from 'xstate';
import { safeCopy } from '../../../src/inspection/safe-copy.ts';
import { startChild } from '../../../src/supervision/calls.ts';
import { errorText } from '../../../src/supervision/reason-text.ts';
import { childSpec, supervisorSpec } from '../../../src/supervision/supervisor-spec.ts';
import { answerOf, crash, openStage } from '../stage.ts';

const failing = fromCallback(() => {
  throw new Error('no port');
});

test('JSON alone: nothing is left of an error', () => {
  expect(JSON.stringify({ kind: 'error', error: new Error('no port') })).toBe('{"kind":"error","error":{}}');
});

test('every report of a crash or a failed start can be told in words, from however deep it comes', async () => {
  const stage = openStage();
  const root = await stage.start({}, [stage.worker('a')]);
  crash(root, 'a');
  const inner = supervisorSpec('inner', {}, [
    supervisorSpec('innermost', {}, [childSpec({ id: 'fails', start: { logic: failing } })]),
  ]);
  const refused = await answerOf(stage, startChild(root.supervisor, inner));
  const reasons = stage.reports.flatMap((report) => ('reason' in report ? [errorText(report.reason)] : []));
  expect(reasons).toEqual(['crash', 'no port', 'no port']);
  expect('reason' in refused && errorText(refused.reason)).toBe('no port');
});

test('those who watch the actors are shown its name and message', () => {
  const error = new Error('no port', { cause: Object.assign(new Error('bind'), { code: 'EADDRINUSE' }) });
  expect(JSON.parse(JSON.stringify(safeCopy({ kind: 'error', error })))).toEqual({
    kind: 'error',
    error: {
      name: 'Error',
      message: 'no port',
      cause: { name: 'Error', message: 'bind', code: 'EADDRINUSE' },
    },
  });
});
