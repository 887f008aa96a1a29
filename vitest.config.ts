import { defineConfig } from 'vitest/config';

/** Real tmux, nats-server and git are slow on a loaded machine: time-outs here only end what hangs. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    setupFiles: ['test/setup.ts'],
  },
});
