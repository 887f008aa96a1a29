import { defineConfig } from 'vitest/config';

/** What each mutant of the core is put through: the supervision tests, with a sample in place of the whole corpus. */
export default defineConfig({
  test: {
    include: [
      'test/supervision/*.test.ts',
      'test/supervision/mutation/*.test.ts',
      'test/supervision/traps/{orphans,stop,stale,duplicate,ended,throwing-disposal,events}*.test.ts',
    ],
    exclude: ['test/supervision/otp-corpus.test.ts'],
  },
});
