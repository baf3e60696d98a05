// The in-memory default against the one of the published runtime.
import { deepEqual } from 'node:assert/strict';
import { createManifestStore } from '@gati-framework/manifest-store';
import { createManifestStore as createPublished } from 'gati-runtime-published';
import { manifest, shuffled, transformer } from '../records.mjs';
import { verifyRecords } from '../stores/verify.mjs';

const HANDLERS = 1_000;
const STORED = 1_000;

export const inMemory = {
  title: 'In memory',
  about:
    'Against `@gati-framework/runtime@2.0.8`, both through `createManifestStore()`, one call after the other. ' +
    'By hand: a `Map`, which checks, copies and orders nothing.',
  rows: [
    {
      name: 'memory-get',
      title: 'exact get',
      bound: 'Two look-ups in maps and the promise of the answer.',
      check: true,
      measure: async (_, bench) => {
        const records = manifests(HANDLERS, 5);
        const contestants = [...(await filled(records)), mapByHand(records)];
        const keys = shuffled(HANDLERS, 5_000).map((n) => manifest(n, 3));
        return bench.contest({
          rounds: 101,
          collect: false,
          contestants: contestants.map((c) => ({
            ...c,
            call: ({ handlerId, version }) => c.read(handlerId, version),
          })),
          inputs: () => keys,
          verify: ({ read }) => verifyRecords(read, keys),
        });
      },
    },
    {
      name: 'memory-latest',
      title: 'latest of 100 versions',
      bound: 'One look-up: the newest version is kept at hand.',
      check: true,
      measure: async (_, bench) =>
        bench.contest({
          rounds: 51,
          collect: false,
          contestants: (await filled(manifests(20, 100))).map((c) => ({ ...c, call: c.latest })),
          inputs: () => Array.from({ length: 500 }, (_, i) => `orders.handler-${i % 20}`),
          verify: async ({ latest }) => deepEqual({ ...(await latest('orders.handler-7')) }, manifest(7, 99)),
        }),
    },
    {
      name: 'memory-transformers',
      title: 'transformers of a version pair among 2,000',
      bound: 'Looking into the handler’s own transformers.',
      check: true,
      measure: async (_, bench) => {
        const sides = both();
        const transformers = Array.from({ length: 2_000 }, (_, p) => transformer(p, 0));
        for (const { store } of sides) for (const each of transformers) await store.storeTransformer(each);
        return bench.contest({
          rounds: 31,
          collect: false,
          contestants: sides.map((side) => ({
            ...side,
            call: ({ handlerId }) => side.store.getTransformersForVersions(handlerId, '1.0.0', '1.1.0'),
          })),
          inputs: () => transformers.slice(0, 200),
          verify: async ({ call }, [first]) => deepEqual([...(await call(first))], [first]),
        });
      },
    },
    {
      name: 'memory-store',
      title: 'storing',
      bound: 'Validating, copying and freezing the record.',
      measure: (_, bench) =>
        bench.contest({
          rounds: 31,
          contestants: both().map((side) => ({
            ...side,
            call: (record) => side.store.storeManifest(record),
            renew: () => {
              side.store = side.create();
            },
            read: (handlerId, version) => side.store.getManifest(handlerId, version),
          })),
          // Each round fills a new store with new records, as a starting process does.
          inputs: (_, { renew }) => {
            renew();
            return manifests(STORED, 1);
          },
          verify: ({ read }, records) => verifyRecords(read, records),
        }),
    },
  ],
};

function both() {
  return [
    { who: 'ours', role: 'ours', create: createManifestStore, store: createManifestStore() },
    { who: 'runtime 2.0.8', role: 'peer', create: createPublished, store: createPublished() },
  ];
}

/** Both, with these records in them. */
async function filled(records) {
  const sides = both();
  for (const { store } of sides) for (const record of records) await store.storeManifest(record);
  return sides.map(({ store, ...side }) => ({
    ...side,
    read: (handlerId, version) => store.getManifest(handlerId, version),
    latest: (handlerId) => store.getManifest(handlerId),
  }));
}

function mapByHand(records) {
  const map = new Map(records.map((record) => [`${record.handlerId}:${record.version}`, record]));
  return {
    who: 'by hand',
    role: 'floor',
    read: async (handlerId, version) => map.get(`${handlerId}:${version}`),
  };
}

function manifests(handlers, versions) {
  return Array.from({ length: handlers }, (_, h) =>
    Array.from({ length: versions }, (_, v) => manifest(h, v)),
  ).flat();
}
