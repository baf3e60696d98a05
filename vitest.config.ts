import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/support/postgres-for-all.ts'],
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    // Real files, processes and fsyncs on a slow disk: a test that hangs still ends.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for comes when it comes; this only ends a wait for what never does.
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
  },
});
