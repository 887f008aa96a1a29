/** Which key does what while somebody steps through a recording. */

export type Step = 'back' | 'on' | 'pageBack' | 'pageOn' | 'first' | 'last';

const keys: Readonly<Record<string, Step | 'play' | 'quit'>> = {
  left: 'back',
  up: 'back',
  k: 'back',
  right: 'on',
  down: 'on',
  j: 'on',
  return: 'on',
  pageup: 'pageBack',
  b: 'pageBack',
  pagedown: 'pageOn',
  space: 'pageOn',
  home: 'first',
  end: 'last',
  p: 'play',
  q: 'quit',
  'ctrl-c': 'quit',
  'ctrl-d': 'quit',
};

export const stepFor = (key: string): Step | 'play' | 'quit' | undefined =>
  Object.hasOwn(keys, key) ? keys[key] : undefined;
