import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StorageContract } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { describeConformance } from '@gati-framework/storage-testkit/vitest';
import Database from 'better-sqlite3';
import { afterAll } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'gati-conformance-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeConformance('better-sqlite3, on a file', {
  create: (place) => createBetterSqlite3Storage({ filename: join(folder, `${place}.db`) }),
});

const databases = new WeakMap<StorageContract, Database.Database>();

describeConformance("better-sqlite3, on the caller's connection, not waiting for the disk", {
  create(place) {
    const database = new Database(join(folder, `${place}-given.db`));
    const storage = createBetterSqlite3Storage({ database, durability: 'process-crash' });
    databases.set(storage, database);
    return storage;
  },
  destroy: (storage) => databases.get(storage)?.close(),
});

describeConformance('better-sqlite3, in memory', {
  create: () => createBetterSqlite3Storage({ filename: ':memory:' }),
});

describeConformance('better-sqlite3, in memory and without room for a cache', {
  create: () => createBetterSqlite3Storage({ filename: ':memory:', cacheSize: 1 }),
});
