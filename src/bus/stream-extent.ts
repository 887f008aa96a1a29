/** From when to when a stream reaches. */
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
