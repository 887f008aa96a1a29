/** Waiting for an effect that announces itself to nobody, such as a file or a text on the screen. */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again until there is an answer; the test's own time limit ends it. */
export async function until<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await delay(5);
  }
}

/** The file's text as soon as it is there and, if a condition is given, fulfils it. */
export function fileText(path: string, isEnough: (text: string) => boolean = () => true): Promise<string> {
  return until(async () => {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    return text !== undefined && isEnough(text) && text;
  });
}
