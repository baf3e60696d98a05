import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { RouteManager } from '@gati-framework/runtime/route-manager';
import { createManifestView } from '@gati-framework/runtime-adapter';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manifestOf } from './support/records.js';

const SEED = 20_261_127;

/** Mostly of few names, so that several patterns match one path. */
const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b') },
  { weight: 6, arbitrary: fc.constantFrom(':id', ':name', ':_n1') },
  { weight: 1, arbitrary: fc.constantFrom('x y', ':9', '') },
  { weight: 2, arbitrary: fc.constantFrom('v1.0', 'a*', '(a|c)', ':id.json', ':a-:b', '[', 'b+') },
);
const pattern = fc
  .tuple(fc.constantFrom('', '/', '//'), fc.array(piece, { maxLength: 3 }), fc.constantFrom('', '/'))
  .map(([begin, pieces, end]) => `${begin}${pieces.join('/')}${end}`);
const asked = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('a', 'b', '7') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('x%20y', 'v1.0', 'v1x0', 'c', '7.json', '7-8', '', ':9', 'aa'),
      },
    ),
    { maxLength: 4 },
  )
  .map((pieces) => `/${pieces.join('/')}`);
const method = fc.constantFrom('GET', 'GET', 'POST');

/** What the router of the runtime, which refuses some patterns, says. */
function routerOf(routes: readonly (readonly [string, string])[]): RouteManager {
  const router = new RouteManager();
  routes.forEach(([verb, path], i) => {
    try {
      router.register(verb as 'GET', path, Object.assign(() => {}, { handlerId: `h${i}` }) as never);
    } catch {}
  });
  return router;
}

test('a view finds the route and the parameters that the router of the runtime finds', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(method, pattern), { maxLength: 14 }),
      fc.array(fc.tuple(method, asked), { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(13)),
      async (routes, requests, moved) => {
        const storage = createInMemoryStorage();
        const changes = routes.map(([verb, path], i) => {
          return { put: 'manifest', value: manifestOf(`h${i}`, '1', { method: verb, path }) } as const;
        });
        await storage.commit(changes);
        const view = createManifestView(storage);
        await view.open();
        // Elsewhere and back: what was taken out of the index and put in again has its place.
        for (const i of moved.filter((at) => at < changes.length)) {
          const { value } = changes[i] as (typeof changes)[number];
          await storage.storeManifest({ ...value, path: '/moved/:away' });
          await view.reached(await storage.commit([{ put: 'manifest', value }]));
        }
        const router = routerOf(routes);
        for (const [verb, path] of requests) {
          const wanted = router.match(verb as 'GET', path);
          const found = view.match(verb, path);
          const name = Object(wanted?.route.handler).handlerId;
          expect([found?.manifest.handlerId, found?.params]).toEqual([name, wanted?.params]);
        }
        await view.close();
      },
    ),
    { seed: SEED, numRuns: 400 },
  );
});
