/** Exit statuses beyond 0 and 1, as sysexits.h names them. */
export const exitCodes = {
  usage: 64,
  noInput: 66,
  unavailable: 69,
  cannotCreate: 73,
  output: 74,
  config: 78,
} as const;
