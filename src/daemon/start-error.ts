/** The tree could not be started; everything that had been started is ended again. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
