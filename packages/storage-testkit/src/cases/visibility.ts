import assert from 'node:assert/strict';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { type RecordProbe, recordProbes } from '../record-probe.js';
import { hookManifest, manifest, transformer } from '../records.js';
import { fieldOf } from '../untyped.js';
import { cases, type Runs } from './cases.js';
import { during, numbers, oneByOne, versionsOf } from './helpers.js';

const showsWrites = (probe: RecordProbe): Runs => ({
  [`${probe.kind}: every read after a write sees it`]: async ({ storage }) => {
    for (const round of numbers(10)) {
      const record = probe.make({ round });
      await probe.store(storage, record);
      assertSame(await probe.read(storage, record), record, 'the first read');
      assertSame(await probe.read(storage, record), record, 'the second read');
    }
  },
});

export const visibilityCases: readonly ConformanceCase[] = cases(
  'visibility',
  [],
  ...recordProbes.map(showsWrites),
  {
    'lists and latest versions that were read before see the next write': async ({ storage }) => {
      for (const n of numbers(10)) {
        assert.equal((await storage.getAllManifestVersions('users.create')).length, n - 1);
        assert.equal((await storage.listHookManifests()).length, n - 1);
        assert.equal(
          (await storage.getTransformersForVersions('users.create', '1.0.0', '2.0.0')).length,
          n - 1,
        );
        await storage.storeManifest(manifest({ version: `${n}`, createdAt: n }));
        assert.equal((await storage.getManifest('users.create'))?.version, `${n}`);
        await storage.storeHookManifest(hookManifest({ handlerId: `h${n}` }));
        await storage.storeTransformer(transformer({ id: `t${n}` }));
      }
    },
    'a list that was read before sees a record replaced': async ({ storage }) => {
      for (const hash of ['first', 'second', 'third']) {
        await storage.storeManifest(manifest({ hash }));
        await storage.storeHookManifest(hookManifest({ version: hash }));
        await storage.storeTransformer(transformer({ hash }));
        assertSame(await storage.getAllManifestVersions('users.create'), [manifest({ hash })]);
        assertSame(await storage.listHookManifests(), [hookManifest({ version: hash })]);
        const found = await storage.getTransformersForVersions('users.create', '1.0.0', '2.0.0');
        assertSame(found, [transformer({ hash })]);
      }
    },
    'writes made at once are all there when all have resolved': async ({ storage }) => {
      const versions = numbers(50).map(String);
      await Promise.all(
        versions.flatMap((version) => [
          storage.storeManifest(manifest({ version })),
          ...recordProbes.map((probe) =>
            probe.store(
              storage,
              probe.make({ handlerId: `h${version}`, ref: `r${version}`, id: `t${version}` }),
            ),
          ),
        ]),
      );
      assertSame((await versionsOf(storage)).sort(), [...versions].sort());
      for (const probe of recordProbes) {
        const count = storage.getStats()[probe.count];
        assert.equal(count, probe.kind === 'manifest' ? 100 : 50, probe.kind);
      }
    },
    'writes of one record made at once leave one of them, whole': async ({ storage }) => {
      const record = (n: number): ReturnType<typeof manifest> =>
        manifest({ hash: `hash ${n}`, path: `/${n}`, timescapeVersion: `ts ${n}` });
      await Promise.all(numbers(20).map((n) => storage.storeManifest(record(n))));
      const read = await storage.getManifest('users.create', '1.0.0');
      const n = Number(read?.hash.slice(5));
      assert.ok(n >= 1 && n <= 20, `unexpected hash ${read?.hash}`);
      assertSame(read, record(n));
      assertSame(await storage.getManifest('users.create'), read, 'the latest');
      assertSame(await storage.getAllManifestVersions('users.create'), [read], 'the list');
      assert.equal(storage.getStats().manifestCount, 1);
    },
    'reads made while a record is written see it as it was or as it is, and never go back': async ({
      storage,
    }) => {
      await storage.storeManifest(manifest({ n: 0, copy: { n: 0 } }));
      const writing = oneByOne(30, (n) => storage.storeManifest(manifest({ n, copy: { n } })));
      let last = 0;
      await during(writing, async () => {
        const read = await storage.getManifest('users.create', '1.0.0');
        const n = Number(fieldOf(read, 'n'));
        assert.equal(fieldOf(fieldOf(read, 'copy'), 'n'), n);
        assert.ok(n >= last, `saw ${n} after ${last}`);
        last = n;
      });
    },
  },
);
