/** The presence board on a real nats-server: the newest word on each agent, through absences of the bus. */
import { expect, test } from 'vitest';
import type { Presence } from '../../src/tasks/agent-presence.ts';
import { startServer } from '../bus/real-bus.ts';
import { openBoard, when } from './stored-tasks.ts';

const reaches = (
  board: { onChange(listener: (presence: Presence) => void): () => void },
  isReached: () => boolean,
) => when<Presence>((listener) => board.onChange(listener), isReached);

test('what is said is there at once, told when it is a move, and seen by others', async () => {
  const server = await startServer();
  const { board, facts } = await openBoard(server);
  const other = await openBoard(server, 'elsewhere');
  board.set('kaede', { availability: 'idle', pane: '%1' });
  expect(board.get('kaede')).toMatchObject({
    agent: 'kaede',
    node: 'local',
    availability: 'idle',
    pane: '%1',
  });
  board.set('kaede', { availability: 'working', task: '7' });
  board.set('kaede', { doing: 'reading' });
  expect(facts.map(({ body }) => body)).toEqual([
    { availability: 'idle' },
    { availability: 'working', task: '7' },
  ]);
  await reaches(other.board, () => other.board.get('kaede')?.doing === 'reading');
  expect(other.board.get('kaede')).toEqual(board.get('kaede'));
  expect(other.facts).toEqual([]);
});

test('a first word without availability means that it starts', async () => {
  const { board } = await openBoard(await startServer());
  board.set('kaede', { pane: '%1' });
  expect(board.get('kaede')).toMatchObject({ availability: 'starting', pane: '%1' });
});

test('who no longer works has neither task nor words, but keeps its pane', async () => {
  const { board } = await openBoard(await startServer());
  board.set('kaede', { availability: 'working', task: '7', doing: 'reading', pane: '%1' });
  board.set('kaede', { availability: 'idle' });
  expect(board.get('kaede')).toEqual({
    version: 1,
    agent: 'kaede',
    node: 'local',
    availability: 'idle',
    pane: '%1',
    since: expect.any(String),
  });
});

test('since tells of the last move, not of the last word', async () => {
  const { board } = await openBoard(await startServer());
  board.set('kaede', { availability: 'working', task: '7' });
  const { since } = board.get('kaede') ?? {};
  board.set('kaede', { doing: 'reading' });
  expect(board.get('kaede')?.since).toBe(since);
});

test('words said while nats-server is away are heard at once and stored as the newest when it is back', async () => {
  const server = await startServer();
  const { board } = await openBoard(server);
  board.set('kaede', { availability: 'starting' });
  await server.kill();
  const heard: (string | undefined)[] = [];
  board.onChange(({ doing }) => heard.push(doing));
  board.set('kaede', { availability: 'working', task: '7' });
  for (const doing of ['one', 'two', 'three']) board.set('kaede', { doing });
  expect(heard).toEqual([undefined, 'one', 'two', 'three']);
  await server.start();
  const other = await openBoard(server, 'elsewhere');
  await reaches(other.board, () => other.board.get('kaede')?.doing === 'three');
  expect(other.board.get('kaede')).toEqual(board.get('kaede'));
});

test('a board that is opened later knows what was said, and its own word replaces it', async () => {
  const server = await startServer();
  const first = await openBoard(server);
  const witness = await openBoard(server, 'elsewhere');
  first.board.set('kaede', { availability: 'working', task: '7' });
  await reaches(witness.board, () => witness.board.get('kaede')?.task === '7');
  first.board.close();
  const second = await openBoard(server);
  expect(second.board.get('kaede')).toMatchObject({ availability: 'working', task: '7' });
  second.board.set('kaede', { availability: 'idle' });
  await reaches(witness.board, () => witness.board.get('kaede')?.availability === 'idle');
  expect(second.board.get('kaede')).not.toHaveProperty('task');
});
