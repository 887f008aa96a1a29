/** Envelopes: what a sender says about a message is what the receiver reads. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeMessage, nextTraceparent, readEnvelope } from '../../src/bus/envelope.ts';

const form = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

test('any text goes through a header unless it ends a line', () => {
  fc.assert(
    fc.property(
      fc
        .string({ unit: 'binary', minLength: 1 })
        .filter((text) => text === text.trim() && !/[\r\n]/.test(text)),
      (correlationId) => {
        expect(readEnvelope(encodeMessage('x', { correlationId }).headers).correlationId).toBe(correlationId);
      },
    ),
  );
  expect(() => encodeMessage('x', { correlationId: 'a\r\nNats-Msg-Id: b' })).toThrow();
});

test('a message gets an id, a trace, a schema and the type of its body', () => {
  const read = (body: Parameters<typeof encodeMessage>[0]) => readEnvelope(encodeMessage(body, {}).headers);
  expect(read('x')).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    traceparent: expect.stringMatching(form),
    contentType: 'text/plain; charset=utf-8',
    schema: '1',
  });
  expect(read({}).contentType).toBe('application/json');
  expect(read(new Uint8Array()).contentType).toBe('application/octet-stream');
  expect(read('x').id).not.toBe(read('x').id);
});

test('headers given by name win', () => {
  const { id, headers } = encodeMessage(
    'x',
    { id: 'a' },
    { 'Nats-Msg-Id': 'b', 'Orch-Type': 'message', 'X-Own': 'カ' },
  );
  expect(id).toBe('b');
  expect(readEnvelope(headers)).toMatchObject({ id: 'b', type: 'message' });
  expect(headers.get('X-Own')).toBe('カ');
});

test('a trace is gone on with under a new span, and begun when there is none', () => {
  const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const next = nextTraceparent(parent);
  expect(next).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
  expect(next).not.toBe(parent);
  for (const broken of [undefined, '', 'nonsense', `${parent}-x`])
    expect(nextTraceparent(broken)).toMatch(form);
});
