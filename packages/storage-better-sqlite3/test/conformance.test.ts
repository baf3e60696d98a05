import type { StorageContract } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { describeConformance } from '@gati-framework/storage-testkit/vitest';
import Database from 'better-sqlite3';
import { afterAll } from 'vitest';
import { SqlitePlaces } from '../../../test/support/sqlite-places.js';

const honours = ['historyLimit', 'maxRecordBytes', 'cacheSize'] as const;
const places = new SqlitePlaces();
afterAll(() => places.remove());

describeConformance('better-sqlite3, on a file', {
  create: (place, options) => createBetterSqlite3Storage({ filename: places.filename(place), ...options }),
  reopen: (place, options) => createBetterSqlite3Storage({ filename: places.move(place), ...options }),
  damage: (place, record) => places.damage(place, record),
  block: (place) => places.block(place),
  honours,
});

const databases = new WeakMap<StorageContract, Database.Database>();

describeConformance("better-sqlite3, on the caller's connection, not waiting for the disk", {
  create(place, options) {
    const database = new Database(places.filename(`${place}-given`));
    const storage = createBetterSqlite3Storage({ database, durability: 'process-crash', ...options });
    databases.set(storage, database);
    return storage;
  },
  honours,
  destroy: (storage) => databases.get(storage)?.close(),
});

describeConformance('better-sqlite3, in memory', {
  create: (_, options) => createBetterSqlite3Storage({ filename: ':memory:', ...options }),
  honours,
});

describeConformance('better-sqlite3, in memory and without room for a cache', {
  create: () => createBetterSqlite3Storage({ filename: ':memory:', cacheSize: 1 }),
});
