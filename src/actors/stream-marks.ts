/** How far every stream had come, in a file beside the store: a stream whose newest file is missing cannot say so itself. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { pause } from '../bus/abort.ts';
import type { Bus } from '../bus/bus.ts';
import { countStreams, type StreamCount } from '../bus/stream-extent.ts';
import { isFullDisk } from '../disk/space.ts';
import { outboxBucket } from './store-size.ts';
import type { World } from './world.ts';

/** Their keys are erased, with all revisions, when they have served their purpose. */
const erasing: ReadonlySet<string> = new Set([`KV_${outboxBucket}`]);

/** Between two looks, in ms. */
const lookInterval = 5_000;

const Marks = z.object({
  version: z.literal(1),
  streams: z.record(
    z.string(),
    z.object({
      last: z.int(),
      messages: z.int(),
      /** The highest sequence before its last loss; what was numbered by it may live on somewhere. */
      floor: z.int(),
    }),
  ),
});
type Marks = z.infer<typeof Marks>;

/**
 * Compares the streams with how far they had come, and tells of those that have lost something, but for the ones told
 * already. Resolves with the highest sequence that a stream ever lost. @throws BusError
 */
export async function checkStreamMarks(
  world: World,
  bus: Bus,
  told: ReadonlySet<string>,
): Promise<(stream: string) => number> {
  const { streams } = await readMarks(world);
  const now = await countStreams(bus);
  // Those are there as files, and come back whole when they are made again.
  const unreadable = new Set(world.ports.natsServer.peek()?.unreadableStreams);
  for (const [stream, mark] of Object.entries(streams)) {
    if (unreadable.has(stream)) now.set(stream, mark);
    const lost = lostSince(stream, mark, now.get(stream));
    if (lost <= 0) continue;
    mark.floor = Math.max(mark.floor, mark.last);
    if (!told.has(stream))
      world.tell('node.stream.damaged', world.config.node, { stream, lost, restored: 0 });
  }
  await writeMarks(world, marksOf(now, streams));
  return (stream) => streams[stream]?.floor ?? 0;
}

/** Keeps the file up to date until `signal` aborts. */
export async function keepStreamMarks(world: World, bus: Bus, signal: AbortSignal): Promise<never> {
  const { streams } = await readMarks(world);
  let written = '';
  for (;;) {
    await pause(lookInterval, signal);
    try {
      const marks = marksOf(await countStreams(bus), streams);
      const text = JSON.stringify(marks);
      if (text !== written) await writeMarks(world, marks);
      written = text;
    } catch (error) {
      if (bus.status === 'connected') world.log.warn({ err: error }, 'stream.marks.unwritten');
    }
  }
}

/**
 * Where nats-server has written down the state of a stream whose file is missing, only the number of messages tells
 * (measured on 2.15.1); in a bucket that erases, and in a stream that is none, that number goes down by itself.
 */
function lostSince(stream: string, mark: StreamCount, now: StreamCount = { last: 0, messages: 0 }): number {
  const ofAll = mark.last - now.last;
  return stream.startsWith('KV_') && !erasing.has(stream)
    ? Math.max(ofAll, mark.messages - now.messages)
    : ofAll;
}

function marksOf(now: ReadonlyMap<string, StreamCount>, before: Marks['streams']): Marks {
  const streams: Marks['streams'] = {};
  for (const [stream, { last, messages }] of now)
    streams[stream] = { last, messages, floor: before[stream]?.floor ?? 0 };
  return { version: 1, streams };
}

const marksFile = ({ state }: World): string => join(state.nats, 'sequences.json');

/** A file that is missing or cannot be read says nothing. */
async function readMarks(world: World): Promise<Marks> {
  try {
    return Marks.parse(JSON.parse(await readFile(marksFile(world), 'utf8')));
  } catch {
    return { version: 1, streams: {} };
  }
}

async function writeMarks(world: World, marks: Marks): Promise<void> {
  const file = marksFile(world);
  const draft = `${file}.${process.pid}`;
  try {
    await writeFile(draft, JSON.stringify(marks), { mode: 0o600 });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    if (!isFullDisk(error)) throw error;
  }
}
