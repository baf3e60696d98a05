import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gtype } from '../support/records.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';

const HOUR = 3_600_000;

test('an age that was asked for is kept by who asks for nothing, and taken back by 0', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const oldestAfter = async (
    history: { changes?: number; age?: number } | undefined,
  ): Promise<number | undefined> => {
    await using storage = backend.create({ filename, ...(history !== undefined && { history }) });
    for (let n = 0; n < 60; n++) await storage.storeGType(gtype('one', String(n)));
    return (await storage.stats()).oldestRevision;
  };
  expect(await oldestAfter({ changes: 20, age: HOUR })).toBe(0);
  expect(await oldestAfter(undefined)).toBe(0);
  expect(await oldestAfter({ age: 0 })).toBeGreaterThanOrEqual(150);
});
