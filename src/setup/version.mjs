/** Version numbers as programs print them; what follows the numbers (`3.3a`, `2.14.0-RC.1`) does not count. */

/**
 * The first version number in a program's answer, always with three parts.
 * @param {string} text for example `tmux 3.3a` or `nats-server: v2.15.1`
 * @returns {string | undefined} for example `3.3.0` or `2.15.1`
 */
export function parseVersion(text) {
  const [, major, minor, patch = '0'] = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return major === undefined ? undefined : `${major}.${minor}.${patch}`;
}

/**
 * Orders two versions by their numbers, for `Array.prototype.sort`.
 * @param {string} a
 * @param {string} b
 * @returns {number} negative when `a` is older, 0 when they are equal, positive when `a` is newer
 */
export function compareVersions(a, b) {
  const [left, right] = [a, b].map((version) => version.split('.').map((part) => Number.parseInt(part, 10)));
  for (let place = 0; place < 3; place += 1) {
    const difference = (left?.[place] ?? 0) - (right?.[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * @param {string} version
 * @param {string} floor the oldest version that will do
 * @returns {boolean}
 */
export function isAtLeast(version, floor) {
  return compareVersions(version, floor) >= 0;
}
