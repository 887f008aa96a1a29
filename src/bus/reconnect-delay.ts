/** How long nats.js waits before it dials again, safe against a wall clock that is put back. */

export interface Reconnecting {
  /** Both in ms; the jitter is added by chance, up to so much. */
  readonly reconnectTimeWait: number;
  readonly reconnectJitter: number;
}

/** More than passes between a question for the delay and the dial that follows it, in ms. */
const slack = 1_000;

/**
 * nats.js adds the delay to the wall clock of its last dial and waits until the present one has reached that (nats-core
 * 3.4, `dodialLoop`): after a jump back by hours it would not dial for hours. By as much as the clock is behind a time
 * that was seen before, the delay is shortened, below zero.
 */
export function reconnectDelay({ reconnectTimeWait, reconnectJitter }: Reconnecting): () => number {
  let latest = Date.now();
  return () => {
    const behind = latest - Date.now();
    latest = Date.now();
    const usual = reconnectTimeWait + Math.random() * reconnectJitter;
    return behind > 0 ? usual - behind - slack : usual;
  };
}
