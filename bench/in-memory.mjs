// The in-memory default against the one of the published runtime.
import { createManifestStore } from '@gati-framework/manifest-store';
import { createManifestStore as createPublished } from 'gati-runtime-published';
import { compare } from './measure.mjs';
import { manifest, shuffled, transformer } from './records.mjs';

const HANDLERS = 1_000;
const READS = 50_000;

export async function* inMemoryBenchmarks() {
  const ids = Array.from({ length: 2_000 }, (_, n) => `orders.handler-${n}`);
  const handlers = shuffled(HANDLERS, READS).map((n) => `orders.handler-${n}`);
  yield {
    name: 'exact get',
    target: 1,
    ...(await both(
      READS,
      async (store) => {
        for (let h = 0; h < HANDLERS; h++)
          for (let v = 0; v < 5; v++) await store.storeManifest(manifest(h, v));
      },
      async (store) => {
        for (const id of handlers) await store.getManifest(id, '1.3.0');
      },
    )),
  };
  yield {
    name: 'latest of 100 versions',
    target: 8,
    ...(await both(
      5_000,
      async (store) => {
        for (let h = 0; h < 20; h++) for (let v = 0; v < 100; v++) await store.storeManifest(manifest(h, v));
      },
      async (store) => {
        for (let i = 0; i < 5_000; i++) await store.getManifest(ids[i % 20]);
      },
    )),
  };
  yield {
    name: 'transformers of a version pair among 2,000',
    target: 30,
    ...(await both(
      2_000,
      async (store) => {
        for (let p = 0; p < 2_000; p++) await store.storeTransformer(transformer(p, 0));
      },
      async (store) => {
        for (const id of ids) await store.getTransformersForVersions(id, '1.0.0', '1.1.0');
      },
    )),
  };
  yield { name: 'store', target: 0.4, ...(await compareStores()) };
}

function both(operations, fill, run) {
  const side = (create) => {
    let store;
    return {
      prepare: async () => {
        if (store === undefined) {
          store = create();
          await fill(store);
        }
        return store;
      },
      run,
    };
  };
  return compare({ operations, ours: side(createManifestStore), peer: side(createPublished) });
}

/** Each round fills a new store with new records, as a starting process does. */
function compareStores() {
  const count = 20_000;
  const side = (create) => ({
    prepare: () => ({ store: create(), records: Array.from({ length: count }, (_, i) => manifest(i, 1)) }),
    run: async ({ store, records }) => {
      for (const record of records) await store.storeManifest(record);
    },
  });
  return compare({ operations: count, ours: side(createManifestStore), peer: side(createPublished) });
}
