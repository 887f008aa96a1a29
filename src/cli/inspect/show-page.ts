/** The page of `orchestra inspect` in the browser of whoever calls, or the way to it. */
import { userInfo } from 'node:os';
import { ask } from '../../client/ask.ts';
import type { CommandRequest } from '../../events/commands.ts';
import { type GlobalOptions, withDaemon } from '../daemon-connection.ts';
import { printLine } from '../output.ts';
import { browserPlace } from './browser-place.ts';

/** A link to the page, as the daemon gives it. @throws CliError, BusError */
export async function pageLink(
  options: GlobalOptions,
  request: CommandRequest<'inspect.open'>,
): Promise<string> {
  const { url } = await withDaemon(options, ({ bus }) => ask(bus, 'inspect.open', request));
  return url;
}

/** Opens the page where there is a screen, and says how to reach it where there is none. */
export async function showPage(url: string, isToBeOpened: boolean): Promise<void> {
  const { platform, env } = process;
  const browser = browserPlace({ platform, env, user: userInfo().username });
  printLine(url);
  if (browser.place === 'remote') {
    printLine('Your browser is elsewhere: first run there');
    printLine(`  ${browser.tunnel(new URL(url).port)}`);
    return;
  }
  if (browser.place === 'unknown' || !isToBeOpened) {
    printLine('Open it in a browser on this machine: once, within two minutes.');
    return;
  }
  const { default: openInBrowser } = await import('open');
  try {
    await openInBrowser(url);
  } catch {
    printLine('No browser could be started: open it yourself, once, within two minutes.');
  }
}
