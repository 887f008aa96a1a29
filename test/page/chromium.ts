/** The system's Chromium, and pages in it that no fault escapes: a test fails on every violation and error they tell. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** Undefined when there is none: then the tests that need it are skipped. */
export const chromiumPath: string | undefined =
  process.env['ORCHESTRA_CHROMIUM'] ??
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isExecutable);

/** For the names of tests. */
export const unlessChromium =
  chromiumPath === undefined ? ' (skipped: no chromium in PATH, and ORCHESTRA_CHROMIUM is not set)' : '';

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('there is no Chromium');
  // Its sandbox does not run as root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: chromiumPath, args });
}

/** A page, the origins it asked and the faults it told. */
export class WatchedPage {
  readonly page: Page;
  readonly origins = new Set<string>();
  readonly faults: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.faults.push(message.text());
    });
    page.on('pageerror', (error) => this.faults.push(String(error)));
  }

  static async open(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const watched = new WatchedPage(await context.newPage());
    // Looked at, not held up: a request that is held when the page closes is an error of nobody's.
    context.on('request', (request) => watched.origins.add(new URL(request.url()).origin));
    return watched;
  }

  /** The ids of the states that are lit in the charts within an element. */
  lit(selector: string): Promise<(string | null)[]> {
    return this.page
      .locator(`${selector} .state.active`)
      .evaluateAll((states) => states.map((state) => state.getAttribute('data-state')));
  }

  /** The ids of the transitions that are marked as the last in the charts within an element. */
  taken(selector: string): Promise<(string | null)[]> {
    return this.page
      .locator(`${selector} .transition.taken`)
      .evaluateAll((edges) => edges.map((edge) => edge.getAttribute('data-edge')));
  }

  /** Closes it with its context. @throws what it told of faults, but those that fit `expected` */
  async close(expected?: RegExp): Promise<void> {
    await this.page.context().close();
    const faults = this.faults.filter((fault) => !expected?.test(fault));
    if (faults.length > 0) throw new Error(`the page told of faults:\n${faults.join('\n')}`);
  }
}

/** All text within an element, hidden or not. */
export async function textOf(element: Locator): Promise<string> {
  return (await element.textContent()) ?? '';
}
