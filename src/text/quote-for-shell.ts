/** A word for a shell script that we write; nothing else of ours goes through a shell. */

/** In single quotes, whatever it holds. */
export const quoteForShell = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
