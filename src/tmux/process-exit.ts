/** How a program in a pane came to its end. */
import { constants } from 'node:os';

/** By itself with a status, or by a signal. Neither: nobody can know any more. */
export interface ProcessExit {
  readonly status?: number;
  /** The signal's name, such as `SIGKILL`. */
  readonly signal?: string;
}

/** A shell tells an end by signal N as status 128 + N (POSIX, 2.8.2); a program that exits so itself looks the same. */
export function readShellStatus(status: number): ProcessExit {
  return status > 128 && status <= 192 ? exitBySignal(status - 128) : { status };
}

/** The end by the signal with this number. */
export function exitBySignal(number: number): ProcessExit {
  const [name] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [
    `signal ${number}`,
  ];
  return { signal: name };
}
