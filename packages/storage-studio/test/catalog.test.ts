import { type Change, createInMemoryStorage, type Entry, type Storage } from '@gati-framework/manifest-store';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { usedHeap } from '../../../test/support/heap.js';
import { gtype, manifest } from '../../../test/support/records.js';
import type { Catalog } from '../src/catalog/catalog.js';
import { dependentsOf, sortedHandlers } from '../src/catalog/dependents.js';
import { LiveCatalog } from '../src/catalog/live-catalog.js';
import { PastCatalogs } from '../src/catalog/past-catalogs.js';
import { readCatalog } from '../src/catalog/read-catalog.js';

/** Printed with a counterexample, if there is one. */
const SEED = 20_261_127;
const LIMIT = 64 * 1024 * 1024;
const { signal } = new AbortController();

function liveOf(storage: Storage, limit = LIMIT): LiveCatalog {
  const live = new LiveCatalog(storage, limit);
  live.start();
  onTestFinished(() => live.close());
  return live;
}

/** All that a catalog says. */
function contentOf(catalog: Catalog): unknown {
  return {
    counts: catalog.counts(),
    handlers: sortedHandlers(catalog).map((handler) => ({
      id: handler.handlerId,
      versions: handler.sortedVersions().map(({ bytes: _, ...facts }) => facts),
      names: handler.versionNames(),
      graph: handler.graph && { ...handler.graph, nodes: [...handler.graph.nodes] },
      statuses: [...handler.statuses].sort(),
      hooks: handler.hooks,
    })),
    types: [...catalog.types.values()].sort((a, b) => (a.ref < b.ref ? -1 : 1)),
    transformers: [...catalog.transformers].sort(),
    dependents: ['A', 'B', 'C'].map((name) =>
      dependentsOf(catalog, 'gtype', name).map(({ handler, version, via }) => [
        handler.handlerId,
        version,
        via,
      ]),
    ),
  };
}

const id = fc.constantFrom('a', 'b');
const version = fc.constantFrom('1', '2', '3');
const ref = fc.constantFrom('A', 'B', 'C');

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ id, version, ref, createdAt: fc.integer({ min: 1, max: 3 }) }).map(
    (one): Change => ({
      put: 'manifest',
      value: {
        ...manifest(one.id, one.version),
        createdAt: one.createdAt,
        gtypes: { request: one.ref, response: 'A' },
      },
    }),
  ),
  fc.record({ ref, inner: ref }).map(
    (one): Change => ({
      put: 'gtype',
      value: {
        ref: one.ref,
        kind: 'object',
        properties: { field: { type: gtype(one.inner), optional: false } },
      },
    }),
  ),
  fc.record({ id, version }).map(
    (one): Change => ({
      put: 'versionGraph',
      value: {
        handlerId: one.id,
        currentVersion: one.version,
        latestVersion: one.version,
        versions: [{ version: one.version, manifestHash: 'h', deployedAt: 1, active: true, breaking: true }],
      },
    }),
  ),
  fc
    .record({ id, version })
    .map((key): Change => ({ delete: 'manifest', key: { handlerId: key.id, version: key.version } })),
  ref.map((one): Change => ({ delete: 'gtype', key: { ref: one } })),
  id.map((handlerId): Change => ({ delete: 'versionGraph', key: { handlerId } })),
  id.map(
    (handlerId): Change => ({
      put: 'hookManifest',
      value: { handlerId, hooks: [], createdAt: 1, version: '1' },
    }),
  ),
  fc.record({ id, version }).map(
    (one): Change => ({
      put: 'transformer',
      value: {
        id: `${one.id}-${one.version}`,
        handlerId: one.id,
        fromVersion: one.version,
        toVersion: '3',
        direction: 'forward',
        transformations: [],
        hash: 'h',
        createdAt: 1,
      },
    }),
  ),
);
// One in twenty takes everything away.
const commit = fc.oneof(
  { weight: 19, arbitrary: fc.array(change, { minLength: 1, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constant<Change[]>([{ clear: true }]) },
);

test('the catalog of the feed is the one of a store that is read anew, at the present and at every revision', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(commit, { minLength: 1, maxLength: 12 }), async (commits) => {
      await using storage = createInMemoryStorage();
      const live = new LiveCatalog(storage, LIMIT);
      live.start();
      const past = new PastCatalogs(storage, live, LIMIT, signal);
      await live.ready(signal);
      for (const changes of commits) await storage.commit(changes);
      const { revision } = await storage.stats();
      const present = await live.reached(revision, signal);
      expect(contentOf(present)).toEqual(contentOf(await readCatalog(storage, { limit: LIMIT, signal })));
      for (let at = 0; at <= revision; at += 1) {
        const then = contentOf(await readCatalog(storage, { limit: LIMIT, signal, at }));
        expect(contentOf(await past.at(at, signal)), `at ${at}`).toEqual(then);
      }
      // None of them was changed by the others.
      expect(contentOf(present)).toEqual(contentOf(await readCatalog(storage, { limit: LIMIT, signal })));
      await storage.commit([{ clear: true }]);
      const empty = await live.reached(revision + 1, signal);
      expect(sortedHandlers(empty)).toEqual([]);
      expect(empty.bytes).toBe(0);
      await live.close();
    }),
    { numRuns: 60, seed: SEED },
  );
});

test('a catalog that is full lets go of the names of fields, and then of handlers, and says so', async () => {
  const storage = createInMemoryStorage();
  const fields = Object.fromEntries(
    Array.from({ length: 200 }, (_, i) => [`field${i}`, { type: gtype('A'), optional: false }]),
  );
  const types = Array.from(
    { length: 50 },
    (_, i): Change => ({
      put: 'gtype',
      value: { ref: `Type${i}`, kind: 'object', properties: fields },
    }),
  );
  const handlers = Array.from(
    { length: 200 },
    (_, i): Change => ({
      put: 'manifest',
      value: manifest(`handler.${i}`, '1'),
    }),
  );
  await storage.commit([...types, ...handlers]);
  const read = async (limit: number) => await readCatalog(storage, { limit, signal });
  const all = await read(LIMIT);
  expect(all.leftOut).toBe('nothing');
  const withoutFields = await read(all.bytes - 1);
  expect(withoutFields.leftOut).toBe('fields');
  expect(withoutFields.handlers.size).toBe(200);
  expect(withoutFields.bytes).toBeLessThan(all.bytes - 50 * 200 * 2 * 'field'.length);
  const small = await read(withoutFields.bytes / 2);
  expect(small.leftOut).toBe('handlers');
  expect(small.handlers.size).toBeLessThan(200);
  expect(small.handlers.size).toBeGreaterThan(0);
  // One record more than fits is what it may take.
  expect(small.bytes).toBeLessThan(withoutFields.bytes / 2 + 10_000);
});

test('a part of a text of megabytes does not keep all of it in memory', async () => {
  const storage = createInMemoryStorage();
  const live = liveOf(storage);
  await live.ready(signal);
  await storage.commit([
    { put: 'manifest', value: { ...manifest('long', '1'), path: 'p'.repeat(5_000_000) } },
  ]);
  const catalog = await live.reached(1, signal);
  expect(catalog.handlers.get('long')?.versions.get('1')?.path).toBe('p'.repeat(1_024));
  expect(catalog.bytes).toBeLessThan(10_000);
});

test('the memory of a catalog is that of what the store holds, however much comes and goes', async () => {
  const storage = createInMemoryStorage({ history: { changes: 100 } });
  const live = liveOf(storage);
  const first = await live.ready(signal);
  const deploy = async (from: number, to: number) => {
    for (let i = from; i < to; i += 1) {
      const revision = await storage.commit([
        { put: 'manifest', value: { ...manifest(`h${i % 10}`, `${i}`), path: `/${i}/${'x'.repeat(500)}` } },
        { delete: 'manifest', key: { handlerId: `h${i % 10}`, version: `${i - 10}` } },
      ]);
      await live.reached(revision, signal);
    }
    return await live.ready(signal);
  };
  await deploy(0, 500);
  const [heap, bytes] = [await usedHeap(), live.current?.bytes];
  const catalog = await deploy(500, 6_500);
  expect(catalog).toBe(first); // it was never read anew
  expect(catalog.bytes).toBeLessThan((bytes ?? 0) * 1.1);
  // Texts that are remembered take 1 MB at most; 6,000 versions with theirs would take 9.
  expect((await usedHeap()) - heap).toBeLessThan(3_000_000);
});

test('a store that cannot be read is told as it is, and read again later', async () => {
  const storage = createInMemoryStorage();
  await storage.storeManifest(manifest('users.get', '1'));
  let isBroken = true;
  const fragile: Storage = new Proxy(storage, {
    get: (target, name) =>
      name === 'stats' && isBroken
        ? async () => {
            throw new Error('down');
          }
        : Reflect.get(target, name),
  });
  const live = liveOf(fragile);
  await expect(live.ready(signal)).rejects.toThrow('down');
  isBroken = false;
  await expect.poll(() => live.current?.handlers.size).toBe(1);
});

test('records that cannot be read are left out', async () => {
  const storage = createInMemoryStorage();
  await storage.storeManifest(manifest('users.get', '1'));
  const entries: Entry[] = [];
  const damaged: Pick<Storage, 'entries'> = {
    entries: async function* (filter) {
      filter?.onUnreadable?.(new Error('damaged') as never);
      for await (const entry of storage.entries(filter)) {
        entries.push(entry);
        yield entry;
      }
    },
  };
  const catalog = await readCatalog(damaged, { limit: LIMIT, signal });
  expect(catalog.handlers.size).toBe(entries.length);
});
