/** Memory of what was said to be wrong: it is said once, and again only after it was right in between. */

export class ToldOnce {
  readonly #told = new Map<string, string>();

  /** Whether this reason was not given for this subject last; from now on it was. */
  isNews(subject: string, reason: string): boolean {
    if (this.#told.get(subject) === reason) return false;
    this.#told.set(subject, reason);
    return true;
  }

  /** The subject is right again, or gone. */
  forget(subject: string): void {
    this.#told.delete(subject);
  }

  /** Forgets all subjects but these. */
  keep(subjects: ReadonlySet<string>): void {
    for (const subject of this.#told.keys()) if (!subjects.has(subject)) this.#told.delete(subject);
  }
}
