/** Lets operations that git cannot run side by side on one repository take turns. */

/** Starts each operation when the one before it has ended, well or badly; results and errors go to its own caller. */
export function oneAtATime(): <T>(operation: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (operation) => {
    const turn = last.then(operation);
    last = turn.catch(() => undefined);
    return turn;
  };
}
