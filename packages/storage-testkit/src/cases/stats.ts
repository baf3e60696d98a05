import assert from 'node:assert/strict';
import type { Revision, Storage, StorageStats } from '@gati-framework/manifest-store';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { putOf, recordProbes, removalOf, storeOneOfEach } from '../record-probe.js';
import { manifest } from '../records.js';
import { withoutFigures } from '../without-figures.js';
import { cases } from './cases.js';

const ZERO = {
  gtypeCount: 0,
  hookManifestCount: 0,
  manifestCount: 0,
  timescapeMetadataCount: 0,
  transformerCount: 0,
  versionGraphCount: 0,
};

/** What `stats()` asks the store, but for how far its history reaches, which the cases of history ask for, and for how it does. */
async function asked(full: Storage): Promise<StorageStats & { revision: Revision }> {
  const { oldestRevision: _, ...stats } = withoutFigures(await full.stats());
  return stats;
}

/** Stats with their names in order, which carries no meaning. */
function sorted(stats: object): object {
  return Object.fromEntries(Object.entries(stats).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const statsCases: readonly ConformanceCase[] = [
  ...cases('stats', [], {
    'a fresh storage counts zero of everything': async ({ storage }) => {
      await storage.listHookManifests(); // opens it
      assertSame(sorted(storage.getStats()), ZERO);
    },
    'each kind is counted by itself, once for each key': async ({ storage }) => {
      await storage.listHookManifests(); // opens it
      for (const probe of recordProbes) {
        const before = storage.getStats();
        for (const name of ['a', 'b', 'c']) {
          await probe.store(storage, probe.make({ handlerId: name, ref: name, id: name }));
        }
        assertSame(sorted(storage.getStats()), sorted({ ...before, [probe.count]: 3 }), probe.kind);
      }
    },
    'replacing a record does not count it again': async ({ storage }) => {
      for (const round of [1, 2, 3]) {
        for (const probe of recordProbes) {
          await probe.store(storage, probe.make({ round, createdAt: round }));
          assert.equal(storage.getStats()[probe.count], 1, `${probe.count} after round ${round}`);
        }
      }
    },
    'versions are counted one by one': async ({ storage }) => {
      await storage.storeManifest(manifest({ version: '1' }));
      await storage.storeManifest(manifest({ version: '2' }));
      await storage.storeManifest(manifest({ version: '1', createdAt: 9 }));
      await storage.storeManifest(manifest({ handlerId: 'other', version: '1' }));
      assertSame(sorted(storage.getStats()), { ...ZERO, manifestCount: 3 });
    },
    'what was returned neither changes later nor changes the storage': async ({ storage }) => {
      await storeOneOfEach(storage);
      const first = storage.getStats();
      await storage.storeManifest(manifest({ version: '2.0.0' }));
      const second = storage.getStats();
      assert.equal(second.manifestCount, 2);
      assert.equal(first.manifestCount, 1, 'stats that were taken before');
      if (!Object.isFrozen(second)) second.manifestCount = 99;
      assert.equal(storage.getStats().manifestCount, 2, 'after the returned object was changed');
    },
    'refused records are not counted': async ({ storage }) => {
      await storeOneOfEach(storage);
      for (const probe of recordProbes) {
        await probe.store(storage, probe.make({ handlerId: '', ref: '', id: '' })).catch(() => {});
        await probe.store(storage, probe.make({ version: 'x', bad: () => 1 })).catch(() => {});
        assert.equal(storage.getStats()[probe.count], 1, probe.count);
      }
    },
  }),
  ...cases('stats', ['commit'], {
    'deleted records are no longer counted, and deleting an absent one counts nothing': async ({ full }) => {
      for (const probe of recordProbes) {
        const remove = removalOf(probe, probe.make());
        await full.commit([remove]);
        assert.equal(full.getStats()[probe.count], 0, `${probe.count} after deleting what is absent`);
        await probe.store(full, probe.make());
        await full.commit([remove, remove]);
        assert.equal(full.getStats()[probe.count], 0, `${probe.count} after deleting`);
        await full.commit([remove, putOf(probe, probe.make()), remove]);
        assert.equal(full.getStats()[probe.count], 0, `${probe.count} after storing and deleting at once`);
        await probe.store(full, probe.make());
        assert.equal(full.getStats()[probe.count], 1, `${probe.count} after storing again`);
      }
    },
    'stats() asks the store and agrees with getStats(), and tells the revision': async ({ full }) => {
      assertSame(sorted(await asked(full)), sorted({ ...ZERO, revision: 0 }), 'of a fresh storage');
      await storeOneOfEach(full);
      await full.storeManifest(manifest());
      const { revision, ...counts } = await asked(full);
      assert.equal(revision, 7);
      assertSame(sorted(counts), sorted(full.getStats()));
      await full.clear();
      assertSame(sorted(await asked(full)), sorted({ ...ZERO, revision: 8 }), 'after clear');
    },
  }),
];
