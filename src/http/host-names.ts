/** The names under which browsers on this machine know our server. */

/** The port that a browser leaves out of `Host` and `Origin`. */
const defaultPort = 80;

/** As `Host` tells them; with `http://` before it, as `Origin` does. */
export function hostNames(port: number): readonly string[] {
  const names = ['127.0.0.1', 'localhost'];
  const withPort = names.map((name) => `${name}:${port}`);
  return port === defaultPort ? [...withPort, ...names] : withPort;
}
