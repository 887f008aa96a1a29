/** One at a time, in the order of arrival: what is typed into a pane must not mix. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `act` when everything that came before has ended, in whatever way. */
  take<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(act, act);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
