import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { runKillCycles } from '../../../torture/kill-cycles.mjs';

const SEED = 20_260_101;

test('100 kills at random moments lose no acknowledged write and leave no partial batch', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const { cycles, acknowledged } = await runKillCycles({
    filename,
    cycles: 100,
    seed: SEED,
    backends: ['better-sqlite3'],
  });
  expect(cycles).toBe(100);
  expect(acknowledged).toBeGreaterThan(100);
}, 300_000);
