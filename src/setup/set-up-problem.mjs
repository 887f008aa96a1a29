/** What a set-up cannot put right by itself, as one sentence for the person who called it. */

/** EX_UNAVAILABLE of sysexits.h: something this program needs is not there. */
const unavailable = 69;

export class SetUpProblem extends Error {
  /**
   * @param {string} sentence what is missing and the command to type
   * @param {{ details?: string, exitCode?: number }} [more] `details` is the output of the command that failed
   */
  constructor(sentence, { details = '', exitCode = unavailable } = {}) {
    super(sentence);
    this.name = 'SetUpProblem';
    this.details = details;
    this.exitCode = exitCode;
  }
}
