import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ControlParser, type ControlReply } from '../../src/tmux/control-protocol.ts';

const stream = `%begin 1 10 0
%end 1 10 0
%window-add @1
%begin 1 11 1
first
%end 1 12 1
%begin 1 11 1

%end 1 11 1
%begin 2 13 1
can't find pane: %9
%error 2 13 1
%exit
`;

function parse(pieces: string[]) {
  const replies: ControlReply[] = [];
  const notifications: string[] = [];
  const parser = new ControlParser({
    reply: (reply) => replies.push(reply),
    notification: (line) => notifications.push(line),
  });
  for (const piece of pieces) parser.push(piece);
  return { replies, notifications };
}

const expected = {
  replies: [
    { ours: false, ok: true, lines: [] },
    // A pane's text that looks like a guard with other numbers is text.
    { ours: true, ok: true, lines: ['first', '%end 1 12 1', '%begin 1 11 1', ''] },
    { ours: true, ok: false, lines: ["can't find pane: %9"] },
  ],
  notifications: ['%window-add @1', '%exit'],
};

test('replies and notifications are told apart', () => {
  expect(parse([stream])).toEqual(expected);
});

test('however the text is cut, the same comes out', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), stream.length];
      expect(parse(edges.slice(1).map((edge, index) => stream.slice(edges[index], edge)))).toEqual(expected);
    }),
  );
});
