import { type Change, createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import { createManifestView, type ManifestView } from '@gati-framework/runtime-adapter';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphOf, manifestOf, metadataOf, transformerOf } from './support/records.js';

const SEED = 20_261_128;
const HANDLERS = ['a', 'b', 'c'] as const;
const VERSIONS = ['1', '2', '3'] as const;
const PATHS = ['/x', '/:id', '/a/:id', '/a.b'] as const;

const handlerId = fc.constantFrom(...HANDLERS);
const version = fc.constantFrom(...VERSIONS);
const id = fc.constantFrom('t1', 't2', 't3');

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    put: fc.constant('manifest' as const),
    value: fc
      .tuple(handlerId, version, fc.constantFrom(...PATHS), fc.nat(2))
      .map(([handler, name, path, createdAt]) => manifestOf(handler, name, { path, createdAt })),
  }),
  fc.record({ delete: fc.constant('manifest' as const), key: fc.record({ handlerId, version }) }),
  fc.record({
    put: fc.constant('versionGraph' as const),
    value: fc
      .tuple(handlerId, version, fc.subarray([...VERSIONS]))
      .map(([handler, current, versions]) => graphOf(handler, versions, current)),
  }),
  fc.record({ delete: fc.constant('versionGraph' as const), key: fc.record({ handlerId }) }),
  fc.record({
    put: fc.constant('transformer' as const),
    value: fc
      .tuple(id, handlerId, version, version)
      .map(([name, handler, from, to]) => transformerOf(name, handler, from, to)),
  }),
  fc.record({ delete: fc.constant('transformer' as const), key: fc.record({ id }) }),
  fc.record({
    put: fc.constant('timescapeMetadata' as const),
    value: fc.tuple(handlerId, version).map(([handler, name]) => metadataOf(handler, name)),
  }),
  fc.record({ delete: fc.constant('timescapeMetadata' as const), key: fc.record({ handlerId, version }) }),
  { weight: 1, arbitrary: fc.record({ clear: fc.constant(true as const) }) },
);

/** Everything that can be asked, and whom a request reaches. */
function answersOf(view: ManifestView) {
  const paths = ['/x', '/7', '/a/7', '/a.b', '/axb'];
  return {
    ...recordsOf(
      (...key) => view.getManifest(...key),
      (key) => view.getManifestVersions(key),
      (key) => view.getVersionGraph(key),
      (...key) => view.getTimescapeMetadata(...key),
      (...key) => view.getTransformersForVersions(...key),
      (key) => view.getTransformer(key),
    ),
    matches: paths.map((path) => view.match('GET', path)),
  };
}

function recordsOf<T>(
  manifest: (handler: string, name?: string) => T,
  versions: (handler: string) => unknown,
  graph: (handler: string) => unknown,
  metadata: (handler: string, name: string) => unknown,
  pair: (handler: string, from: string, to: string) => unknown,
  transformer: (name: string) => unknown,
) {
  return {
    handlers: HANDLERS.map((handler) => [manifest(handler), versions(handler), graph(handler)]),
    versions: HANDLERS.flatMap((handler) =>
      VERSIONS.map((name) => [manifest(handler, name), metadata(handler, name)]),
    ),
    pairs: HANDLERS.flatMap((handler) =>
      VERSIONS.flatMap((from) => VERSIONS.map((to) => pair(handler, from, to))),
    ),
    transformers: ['t1', 't2', 't3'].map(transformer),
  };
}

async function answersOfStore(storage: Storage) {
  const { handlers, versions, pairs, transformers } = recordsOf(
    storage.getManifest,
    storage.getAllManifestVersions,
    storage.getVersionGraph,
    storage.getTimescapeMetadata,
    storage.getTransformersForVersions,
    storage.getTransformer,
  );
  const all = async (lists: unknown[][]) => Promise.all(lists.map((list) => Promise.all(list)));
  return {
    handlers: await all(handlers),
    versions: await all(versions),
    pairs: await Promise.all(pairs),
    transformers: await Promise.all(transformers),
  };
}

test('after each commit a view says what the store says, and routes as one that is opened anew', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(change, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 }),
      async (commits) => {
        const storage = createInMemoryStorage();
        const view = createManifestView(storage);
        await view.open();
        for (const changes of commits) {
          await view.reached(await storage.commit(changes));
          expect(answersOf(view)).toMatchObject(await answersOfStore(storage));
        }
        const other = createManifestView(storage);
        await other.open();
        expect(answersOf(view).matches).toEqual(answersOf(other).matches);
        await Promise.all([view.close(), other.close()]);
      },
    ),
    { seed: SEED, numRuns: 150 },
  );
});
