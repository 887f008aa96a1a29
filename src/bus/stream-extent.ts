/** How far streams reach: in time, and in sequences. */
import type { Bus } from './bus.ts';
import { untilAnswered } from './until-answered.ts';

/** When the oldest and the newest message that it still has were stored. */
export interface StreamExtent {
  first: Date;
  last: Date;
}

/** Undefined while it is empty. @throws BusError `no-stream` */
export async function streamExtent({ connection }: Bus, stream: string): Promise<StreamExtent | undefined> {
  const { state } = await untilAnswered(connection, `looking at ${stream}`, () =>
    connection.manager.streams.info(stream),
  );
  if (state.messages === 0) return undefined;
  return { first: new Date(state.first_ts), last: new Date(state.last_ts) };
}

export interface StreamCount {
  /** The highest sequence it ever gave. */
  last: number;
  /** What it has now. A bucket never has fewer, unless keys of it are erased: a revision goes only for a newer one of its key. */
  messages: number;
}

/** Of every stream and bucket there is. @throws BusError */
export function countStreams({ connection }: Bus): Promise<Map<string, StreamCount>> {
  return untilAnswered(connection, 'looking at all streams', async () => {
    const counts = new Map<string, StreamCount>();
    for await (const { config, state } of connection.manager.streams.list())
      counts.set(config.name, { last: state.last_seq, messages: state.messages });
    return counts;
  });
}
