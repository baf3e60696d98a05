import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { runKillCycles } from '../../../torture/kill-cycles.mjs';

const SEED = 20_260_101;

test('100 kills at random moments lose no acknowledged write and leave no partial batch', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const { cycles, acknowledged, demanded } = await runKillCycles({
    filename,
    cycles: 100,
    seed: SEED,
    backends: ['better-sqlite3'],
  });
  expect(cycles).toBe(100);
  expect(acknowledged).toBeGreaterThanOrEqual(demanded);
  expect(demanded).toBeGreaterThan(1_000); // the seed decides it
}, 1_200_000); // ends what hangs, also on a machine with much else to do
