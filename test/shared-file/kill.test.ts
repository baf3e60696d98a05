import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runKillCycles } from '../../torture/kill-cycles.mjs';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';

const SEED = 20_260_101;

test.runIf(backend.name === 'better-sqlite3')(
  '100 kills at random moments lose no acknowledged write and leave no partial batch',
  async () => {
    const { cycles, acknowledged, demanded } = await runKillCycles({
      filename: join(temporaryFolder(), 'store.db'),
      cycles: 100,
      seed: SEED,
      backends: ['better-sqlite3'],
    });
    expect(cycles).toBe(100);
    expect(acknowledged).toBeGreaterThanOrEqual(demanded);
    expect(demanded).toBeGreaterThan(1_000); // the seed decides it
  },
  1_200_000, // ends what hangs, also on a machine with much else to do
);

test.runIf(backend.name === 'node-sqlite')(
  'kills lose nothing on a file that three drivers write in turn, and two of them at once',
  async () => {
    const { acknowledged, demanded } = await runKillCycles({
      filename: join(temporaryFolder(), 'store.db'),
      cycles: 40,
      seed: SEED,
      backends: ['node-sqlite', 'better-sqlite3', 'node-sqlite', 'sqljs', 'node-sqlite'],
      checkers: ['node-sqlite', 'sqljs'],
    });
    expect(acknowledged).toBeGreaterThanOrEqual(demanded);
    expect(demanded).toBeGreaterThan(1_000); // the seed decides it
  },
  1_200_000,
);
