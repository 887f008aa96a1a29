/** Numbers of things, as people say them. */

/** `1 issue`, `2 issues`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
