/** The page of `orchestra inspect` in the browser of whoever calls, or the way to it. */
import type { ChildProcess } from 'node:child_process';
import { userInfo } from 'node:os';
import { ask } from '../../client/ask.ts';
import type { CommandReply, CommandRequest } from '../../events/commands.ts';
import { type GlobalOptions, withDaemon } from '../daemon-connection.ts';
import { findState } from '../find-state.ts';
import { printLine, printNotice } from '../output.ts';
import { browserPlace } from './browser-place.ts';
import { writeRedirectFile } from './redirect-file.ts';

/** A link to the page, and how the daemon is found that has given it. */
export interface PageLink extends CommandReply<'inspect.open'> {
  readonly daemon: GlobalOptions;
}

/** A link to the page, as the daemon gives it. @throws CliError, BusError */
export async function pageLink(
  options: GlobalOptions,
  request: CommandRequest<'inspect.open'>,
): Promise<PageLink> {
  const reply = await withDaemon(options, ({ bus }) => ask(bus, 'inspect.open', request));
  return { ...reply, daemon: options };
}

/** Opens the page where there is a screen, and says how to reach it where there is none. */
export async function showPage({ url, note, daemon }: PageLink, isToBeOpened: boolean): Promise<void> {
  const { platform, env } = process;
  const browser = browserPlace({ platform, env, user: userInfo().username });
  if (note !== undefined) printNotice(note);
  printLine(url);
  if (browser.place === 'remote') {
    printLine('Your browser is elsewhere: first run there');
    // The port that an address leaves out is 80.
    printLine(`  ${browser.tunnel(new URL(url).port || '80')}`);
    printLine('then open the link: once, within two minutes.');
    return;
  }
  if (browser.place === 'unknown' || !isToBeOpened) {
    printLine('Open it in a browser on this machine: once, within two minutes.');
    return;
  }
  try {
    await openInBrowser(url, daemon);
  } catch {
    printLine('No browser could be started: open it yourself, once, within two minutes.');
  }
}

async function openInBrowser(url: string, daemon: GlobalOptions): Promise<void> {
  const { root } = await findState(daemon);
  const { default: open } = await import('open');
  await startsWell(await open(await writeRedirectFile(root, url)));
}

/** How long an opener has to say that it cannot, in ms: it may be the browser itself, and live on. */
const openerTime = 10_000;

/** @throws Error when the opener ends with a failure, such as xdg-open(1) without a browser */
function startsWell(opener: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const enough = setTimeout(resolve, openerTime);
    const end = (code: number | null): void => {
      clearTimeout(enough);
      if (code === 0) resolve();
      else reject(new Error(`the opener ended with ${code ?? opener.signalCode}`));
    };
    if (opener.exitCode !== null || opener.signalCode !== null) end(opener.exitCode);
    else opener.once('exit', end);
  });
}
