import { join } from 'node:path';
import { createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createEtcdStorage } from '@gati-framework/storage-etcd';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { afterEach, expect, inject, test, vi } from 'vitest';
import { dropPrefix } from '../packages/storage-etcd/test/support/places.js';
import { dropSchema } from '../packages/storage-postgres/test/support/schemas.js';
import { manifest } from './support/records.js';
import { temporaryFolder } from './support/temporary-folder.js';

const schema = 'fake_timers';
const etcd = inject('etcdUrl');
const storages: Readonly<Record<string, () => Storage>> = {
  memory: () => createInMemoryStorage(),
  'sql.js': () => createSqlJsStorage({ filename: join(temporaryFolder(), 'store.db') }),
  'better-sqlite3': () => createBetterSqlite3Storage({ filename: join(temporaryFolder(), 'store.db') }),
  PostgreSQL: () => createPostgresStorage({ connectionString: inject('postgresUrl'), schema }),
  ...(etcd !== '' && { etcd: () => createEtcdStorage({ endpoints: etcd, prefix: schema }) }),
};

afterEach(() => {
  vi.useRealTimers();
});

/** All but `nextTick`, which drivers of databases and Node.js itself live by. */
const FAKES = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
] as const;

async function useEverything(storage: Storage): Promise<void> {
  await storage.storeManifest(manifest('a', '1'));
  const watch = storage.watch();
  await Promise.all(['2', '3'].map((version) => storage.storeManifest(manifest('a', version))));
  expect((await watch.next()).value?.revision).toBeGreaterThan(1);
  expect((await storage.getAllManifestVersions('a')).length).toBe(3);
  expect((await storage.health()).status).toBe('ok');
  expect((await storage.entries().next()).done).toBe(false);
  const { value } = await storage.watch({ after: 0 }).next();
  expect(value?.committedAt).toBeGreaterThan(Date.now());
  await storage.close();
}

async function empty(name: string): Promise<void> {
  if (name === 'PostgreSQL') await dropSchema(inject('postgresUrl'), schema);
  if (name === 'etcd') await dropPrefix(etcd, schema);
}

for (const [name, create] of Object.entries(storages)) {
  test(`${name} opens, writes, watches and closes while all timers and clocks are fakes`, async () => {
    await empty(name);
    vi.useFakeTimers({ toFake: [...FAKES, 'performance', 'queueMicrotask', 'Date'], now: 0 });
    await useEverything(create());
  });

  test(`${name} goes on when timers become fakes after it was opened`, async () => {
    await empty(name);
    const storage = create();
    await storage.open();
    vi.useFakeTimers({ toFake: [...FAKES, 'performance', 'queueMicrotask', 'Date'], now: 0 });
    await useEverything(storage);
  });
}
