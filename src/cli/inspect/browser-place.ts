/** Where the browser of whoever calls is likely to be, from what the environment says. */

/**
 * - `here`: there is a screen to open it on
 * - `remote`: at the other end of an SSH connection, to which `tunnel` is the way
 * - `unknown`: no screen in sight
 */
export type BrowserPlace =
  | { readonly place: 'here' }
  | { readonly place: 'remote'; readonly tunnel: (port: string) => string }
  | { readonly place: 'unknown' };

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** Who is logged in. */
  readonly user: string;
}

export function browserPlace({ platform, env, user }: Surroundings): BrowserPlace {
  const ssh = env['SSH_CONNECTION'];
  if (ssh) return { place: 'remote', tunnel: (port) => tunnelCommand(ssh, user, port) };
  const hasScreen = platform === 'darwin' || platform === 'win32' || env['DISPLAY'] || env['WAYLAND_DISPLAY'];
  return { place: hasScreen ? 'here' : 'unknown' };
}

/** @param connection `SSH_CONNECTION` of ssh(1): address and port of the client, address and port of the server */
function tunnelCommand(connection: string, user: string, port: string): string {
  const [, , address = 'this-machine', serverPort = '22'] = connection.split(' ');
  const option = serverPort === '22' ? '' : `-p ${serverPort} `;
  return `ssh -N ${option}-L ${port}:127.0.0.1:${port} ${user}@${address}`;
}
