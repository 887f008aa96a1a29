import { defineConfig } from 'vitest/config';

/** What Stryker runs against each mutant of the core: the supervision tests, with a sample in place of the whole corpus. */
export default defineConfig({
  test: {
    include: ['test/supervision/*.test.ts', 'test/supervision/mutation/*.test.ts'],
    exclude: ['test/supervision/otp-corpus.test.ts'],
  },
});
