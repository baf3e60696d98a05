import { join } from 'node:path';
import type { Storage } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { wasmWithMemory } from './support/small-memory.js';

const MEBI = 1024 * 1024;
/** Of the records in turn, in MiB. */
const SIZES = [0.01, 3, 0.2, 7, 1];

function record(i: number): ReturnType<typeof gtype> {
  return gtype(`t${i}`, String(i).padEnd((SIZES[i % SIZES.length] as number) * MEBI, 'x'));
}

test('a store that outgrows its memory refuses writes, and loses and alters none that it has acknowledged', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage: Storage = createSqlJsStorage({ filename, cacheSize: 1, wasmBinary: wasmWithMemory(500) });
  const acknowledged: number[] = [];
  const codes = new Set<string>();
  for (let i = 0; i < 40; i++) {
    await storage.storeGType(record(i)).then(
      () => acknowledged.push(i),
      (error) => codes.add(error.code),
    );
  }
  expect(acknowledged.length).toBeGreaterThan(5);
  expect([...codes]).toEqual(['STORAGE_FULL']);
  expect(storage.getStats().gtypeCount).toBe(acknowledged.length);
  for (const i of acknowledged) {
    // There may be no memory to read it either; but never is it something else.
    const found = await storage.getGType(`t${i}`).catch((error) => error.code);
    if (found !== 'STORAGE_FULL') expect(found).toEqual(record(i));
  }
  await storage.close().catch(() => {}); // the log holds what no longer fits into a snapshot

  const larger = createBetterSqlite3Storage({ filename });
  for (const i of acknowledged) expect(await larger.getGType(`t${i}`)).toEqual(record(i));
  expect(await larger.stats()).toMatchObject({
    revision: acknowledged.length,
    gtypeCount: acknowledged.length,
  });
  await larger.close();
});
