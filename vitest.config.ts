import { configDefaults, defineConfig } from 'vitest/config';
import type { InlineConfig } from 'vitest/node';
import { currentNodePool } from './test/support/current-node-pool.js';
import { LongestFirst } from './test/support/longest-first.js';

/** Of what a package does with a shared file: for each that there is, on a Node.js which has its driver. */
const SHARED_FILE = 'test/shared-file/*.test.ts';
const ON_CURRENT_NODE = 'packages/storage-node-sqlite/test/**/*.test.ts';

export const settings: InlineConfig = {
  // Real files, processes and fsyncs on a slow disk: a test that hangs still ends.
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // What is waited for comes when it comes; this only ends a wait for what never does.
  expect: { poll: { timeout: 30_000 } },
  maxWorkers: 2,
  sequence: { sequencer: LongestFirst },
};

export default defineConfig({
  test: {
    ...settings,
    projects: [
      {
        extends: true,
        test: {
          name: 'this Node.js',
          globalSetup: ['test/support/postgres-for-all.ts', 'test/support/etcd/etcd-for-all.ts'],
          include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ON_CURRENT_NODE],
          env: { GATI_FILE_BACKEND: 'better-sqlite3' },
        },
      },
      {
        extends: true,
        test: {
          name: 'current Node.js',
          include: [ON_CURRENT_NODE, SHARED_FILE],
          pool: currentNodePool,
          env: { GATI_FILE_BACKEND: 'node-sqlite', GATI_OTHER_NODE: process.execPath },
        },
      },
    ],
  },
});
