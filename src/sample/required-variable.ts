/** What the orchestra puts into an agent's environment. */

/** @throws Error that says where the variable would come from. */
export function requiredVariable(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set; this program is started by an orchestra, in an agent's pane`);
}
