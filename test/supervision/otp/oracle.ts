/** Real OTP as a child process: scenarios go in, outcomes come out in the same order. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { packageRoot } from '../../../src/package/package-root.ts';
import { Outcome, type Scenario } from '../replay/scenario.ts';

const Greeting = z.object({ otp: z.string() });

/** Thrown to whoever waits when the oracle ends, with what it said last. */
export class OracleError extends Error {
  override readonly name = 'OracleError';
}

interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: OracleError) => void;
}

/** A running oracle. Several scenarios may be asked at once. */
export class Oracle {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting: Waiting[] = [];
  #lastWords = '';

  /** Such as `25.2.3`. */
  readonly version: Promise<string>;

  constructor() {
    const script = join(packageRoot, 'test', 'supervision', 'otp', 'oracle', 'oracle.escript');
    this.#process = spawn('escript', [script], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-4000);
    });
    createInterface(this.#process.stdout).on('line', (line) => this.#waiting.shift()?.resolve(line));
    this.#process.stdin.on('error', () => undefined);
    this.#process.on('error', (error) => this.#giveUp(error.message));
    this.#process.on('close', (status) => this.#giveUp(`ended with status ${status}`));
    this.version = this.#nextLine().then((line) => Greeting.parse(JSON.parse(line)).otp);
  }

  /** What OTP makes of the scenario. @throws OracleError when the oracle ends instead */
  async ask(scenario: Scenario): Promise<Outcome> {
    const line = this.#nextLine();
    this.#process.stdin.write(`${JSON.stringify(scenario)}\n`);
    return Outcome.parse(JSON.parse(await line));
  }

  /** Lets it end; it does so when it has answered everything. */
  end(): void {
    this.#process.stdin.end();
  }

  #nextLine(): Promise<string> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #giveUp(why: string): void {
    const error = new OracleError(`The oracle ${why}.\n${this.#lastWords}`.trim());
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
