/** What is wrong with a configuration, with the place and the remedy. */

/** One fault in a config file; line and column count from 1. */
export interface ConfigFault {
  file: string;
  line: number;
  column: number;
  /** The key, for example `agents.kaede.roles`; empty for the whole file. */
  key: string;
  message: string;
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code: 'not-found' | 'unreadable' | 'invalid';
  readonly faults: readonly ConfigFault[];

  constructor(
    code: ConfigError['code'],
    message: string,
    faults: readonly ConfigFault[] = [],
    cause?: unknown,
  ) {
    super([message, ...faults.map(formatFault)].join('\n'), { cause });
    this.code = code;
    this.faults = faults;
  }
}

/** `file:line:column key: message`, the form editors and terminals make clickable. */
export function formatFault(fault: ConfigFault): string {
  return `${fault.file}:${fault.line}:${fault.column} ${fault.key ? `${fault.key}: ` : ''}${fault.message}`;
}
