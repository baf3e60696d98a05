import { tracingChannel } from 'node:diagnostics_channel';
import { join } from 'node:path';
import { createManifestStore, type Storage } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { expect, onTestFinished, test } from 'vitest';
import { gtype, manifest } from './support/records.js';
import { temporaryFolder } from './support/temporary-folder.js';
import { doneOf, listenTo } from './support/told.js';

function closing<S extends Storage>(storage: S): S {
  onTestFinished(() => storage.close());
  return storage;
}

function fileStorage(options: { history?: { changes: number } } = {}): Storage & { filename: string } {
  const filename = join(temporaryFolder(), 'gati.db');
  return Object.assign(closing(createBetterSqlite3Storage({ filename, ...options })), { filename });
}

test('look-ups and commits in memory are told of with what was asked and how much was found', async () => {
  const [reads, commits] = [listenTo('gati:storage:read'), listenTo('gati:storage:commit')];
  const store = createManifestStore();
  await store.storeManifest(manifest('users', '1'));
  await store.commit([{ put: 'gtype', value: gtype('A') }, { clear: true }]);
  await store.getManifest('users', '1');
  await store.getManifest('users');
  await store.listHookManifests();
  const memory = { backend: 'memory', duration: expect.any(Number), waited: {} };
  expect(doneOf(commits)).toEqual([
    { ...memory, kind: 'manifest', batchSize: 1, revision: 1 },
    { ...memory, kind: undefined, batchSize: 2, revision: 2 },
  ]);
  expect(doneOf(reads)).toEqual([
    { ...memory, operation: 'get', kind: 'manifest', rows: 0 },
    { ...memory, operation: 'latest', kind: 'manifest', rows: 0 },
    { ...memory, operation: 'list', kind: 'hookManifest', rows: 0 },
  ]);
});

test('a look-up in a file tells whether the cache has answered, and what came out of the database', async () => {
  const storage = fileStorage();
  await storage.storeGType(gtype('Kept', 'secret'));
  const again = closing(createBetterSqlite3Storage({ filename: storage.filename }));
  await again.open();
  const reads = listenTo('gati:storage:read');
  for (let n = 0; n < 2; n += 1) await again.getGType('Kept');
  await again.getGType('Absent');
  await again.get({ kind: 'gtype', key: { ref: 'Kept' } });
  const file = {
    backend: 'better-sqlite3',
    store: storage.filename,
    duration: expect.any(Number),
    waited: {},
  };
  const get = { ...file, operation: 'get', kind: 'gtype' };
  expect(doneOf(reads)).toEqual([
    { ...get, cacheHit: false, rows: 1, bytes: expect.any(Number) },
    { ...get, cacheHit: true, rows: 1 },
    { ...get, cacheHit: false, rows: 0, bytes: 0 },
    { ...get, rows: 1, bytes: expect.any(Number) },
  ]);
  expect(JSON.stringify(reads)).not.toContain('secret');
});

test('pages of an iteration, of the log and of a watch are told of one by one', async () => {
  const storage = fileStorage();
  await storage.commit([1, 2, 3].map((n) => ({ put: 'gtype', value: gtype(`${n}`) })));
  const reads = listenTo('gati:storage:read');
  for await (const _ of storage.entries({ kinds: ['gtype'] }));
  for await (const _ of storage.log());
  for await (const _ of storage.watch({ after: 0 })) break;
  await storage.health();
  const told = doneOf(reads).map(({ operation, rows }) => [operation, rows]);
  expect(told).toContainEqual(['scan', 3]);
  expect(told).toContainEqual(['log', 1]);
  expect(told).toContainEqual(['history', 1]);
  expect(told).toContainEqual(['state', undefined]);
});

test('commits that share a transaction are told of with it, each in the turn of its caller', async () => {
  const [commits, groups] = [listenTo('gati:storage:commit'), listenTo('gati:storage:group')];
  const storage = fileStorage();
  await storage.open();
  await Promise.all([1, 2, 3].map((n) => storage.storeGType(gtype(`${n}`))));
  // How many share one is a matter of time, and none is left out.
  const told = doneOf(groups);
  expect(told.flatMap((group) => group.commits)).toEqual(doneOf(commits));
  for (const group of told) {
    const { length } = group.commits;
    expect(group).toMatchObject({ batchSize: length, changes: length, store: storage.filename });
    for (const commit of group.commits) {
      expect(commit).toMatchObject({ kind: 'gtype', batchSize: 1, bytes: expect.any(Number) });
      expect(commit.waited.group).toBeGreaterThanOrEqual(0);
      expect(commit.duration).toBeGreaterThanOrEqual(group.duration ?? Number.POSITIVE_INFINITY);
    }
  }
  expect(doneOf(commits).map(({ revision }) => revision)).toEqual([1, 2, 3]);
});

test('a commit that does not happen is told of with its error', async () => {
  const storage = fileStorage();
  await storage.storeGType(gtype('A'));
  for (const tried of [storage, createManifestStore()]) {
    const commits = listenTo('gati:storage:commit');
    const expect5 = { kind: 'gtype', key: { ref: 'A' }, revision: 5 } as const;
    await expect(tried.commit([{ clear: true }], { expect: [expect5] })).rejects.toMatchObject({
      code: 'STORAGE_CONFLICT',
    });
    expect(commits.map(({ event }) => event)).toContain('error');
    expect(doneOf(commits)).toEqual([
      expect.objectContaining({ error: expect.objectContaining({ code: 'STORAGE_CONFLICT' }), batchSize: 1 }),
    ]);
  }
});

test('a commit from an iterator is told of with what the iterator threw', async () => {
  const [commits, groups] = [listenTo('gati:storage:commit'), listenTo('gati:storage:group')];
  const failure = new Error('no more');
  async function* failing() {
    yield { put: 'gtype', value: gtype('A') } as const;
    throw failure;
  }
  await expect(fileStorage().commit(failing())).rejects.toBe(failure);
  expect(doneOf(commits)).toEqual([expect.objectContaining({ error: failure, batchSize: undefined })]);
  expect(doneOf(groups)).toEqual([expect.objectContaining({ error: failure, changes: undefined })]);
});

test('opening, migrating, forgetting and what others commit are told of', async () => {
  const names = ['open', 'migrate', 'trim', 'feed'] as const;
  const [opens, migrations, trims, feeds] = names.map((name) => listenTo(`gati:storage:${name}`));
  const storage = fileStorage({ history: { changes: 5 } });
  await storage.open();
  expect(doneOf(opens ?? [])).toEqual([expect.objectContaining({ revision: 0, store: storage.filename })]);
  expect(doneOf(migrations ?? [])).toEqual([expect.objectContaining({ from: 0, to: expect.any(Number) })]);
  const other = closing(createBetterSqlite3Storage({ filename: storage.filename }));
  for (let n = 0; n < 10; n += 1) await other.storeGType(gtype('A', `${n}`));
  expect(doneOf(trims ?? []).length).toBeGreaterThan(0);
  await storage.stats();
  expect(doneOf(feeds ?? [])).toContainEqual(
    expect.objectContaining({ operation: 'hear', revision: 10, changes: expect.anything() }),
  );
});

test('a log that becomes a snapshot is told of with its size', async () => {
  const folds = listenTo('gati:storage:fold');
  const filename = join(temporaryFolder(), 'gati.db');
  const storage = closing(createSqlJsStorage({ filename }));
  await storage.storeGType(gtype('A'));
  await storage.save();
  expect(doneOf(folds).at(-1)).toMatchObject({
    backend: 'sqljs',
    store: filename,
    bytes: expect.any(Number),
  });
});

test('whoever listens for one event alone is told of it', async () => {
  const store = createManifestStore();
  for (const event of ['start', 'end', 'asyncStart', 'asyncEnd'] as const) {
    const heard: string[] = [];
    const { [event]: channel } = tracingChannel('gati:storage:read');
    const listener = (_: unknown, name: string | symbol): void => void heard.push(String(name));
    channel.subscribe(listener);
    await store.getGType('A');
    channel.unsubscribe(listener);
    await store.getGType('A');
    expect(heard).toEqual([`tracing:gati:storage:read:${event}`]);
  }
});
