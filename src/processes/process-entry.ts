/** What the operating system's process table says of one process; how it is read is in process-table.ts. */

/** One process for ever: pids are used again, a pid together with its start time is not (until a reboot). */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started: on Linux in clock ticks since boot (proc(5), /proc/pid/stat field 22), else in ms since 1970. */
  readonly startTime: number;
}

export interface ProcessEntry extends ProcessIdentity {
  readonly parent: number;
  /** The pid of its session's leader, also after that one has ended; 0 where the system does not say. */
  readonly session: number;
  /** Ended, but not yet reaped by its parent: it runs no more, though its pid still answers to signal 0. */
  readonly defunct: boolean;
  /** User plus system time used so far, in ms; that of its children is not in it. */
  readonly cpuMs: number;
}
