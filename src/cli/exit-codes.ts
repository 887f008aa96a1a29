/** Exit statuses beyond 0 and 1, as sysexits.h names them. */
export const exitCodes = {
  usage: 64,
  unavailable: 69,
  config: 78,
} as const;
