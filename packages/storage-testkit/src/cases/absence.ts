import assert from 'node:assert/strict';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { callRead, type ReadMethod, readMethods } from '../read-methods.js';
import { recordProbes, storeOneOfEach } from '../record-probe.js';
import { hookManifest } from '../records.js';
import { cases, type Runs } from './cases.js';

const yieldsNothing = (method: ReadMethod): Runs => ({
  [`${method.name} of nothing yields ${JSON.stringify(method.nothing) ?? 'undefined'}`]: async ({
    storage,
  }) => {
    assertSame(await callRead(storage, method, method.example), method.nothing, 'on a fresh storage');
    await storeOneOfEach(storage);
    if (method.parameters.length === 0) return;
    const others = method.example.map((argument) => `${argument}?`);
    assertSame(await callRead(storage, method, others), method.nothing, 'beside other records');
  },
});

export const absenceCases: readonly ConformanceCase[] = cases(
  'absence',
  [],
  ...readMethods.map(yieldsNothing),
  {
    'a storage at a place that was never used is empty, and stays apart from others': async ({
      storage,
      withFresh,
    }) => {
      await storeOneOfEach(storage);
      await withFresh(async ({ storage: other }) => {
        assertSame(
          await other.listHookManifests(),
          [],
          'what a fresh storage lists (each place must be a store of its own)',
        );
        for (const count of Object.values(other.getStats())) assert.equal(count, 0);
        await other.clear();
      });
      for (const probe of recordProbes) assertSame(await probe.read(storage, probe.make()), probe.make());
    },
    'each field of a key alone can make the difference': async ({ storage }) => {
      await storeOneOfEach(storage);
      for (const probe of recordProbes) {
        for (const field of probe.keyFields) {
          const other = probe.make({ [field]: 'other' });
          assert.equal(await probe.read(storage, other), probe.absent, `${probe.kind} by another ${field}`);
        }
      }
      const misses: readonly (readonly [string, string, string])[] = [
        ['other', '1.0.0', '2.0.0'],
        ['users.create', 'other', '2.0.0'],
        ['users.create', '1.0.0', 'other'],
        ['users.create', '2.0.0', '1.0.0'],
      ];
      for (const miss of misses) {
        assertSame(await storage.getTransformersForVersions(...miss), [], miss.join());
      }
      assertSame(await storage.getManifest('other'), undefined, 'the latest version of another handler');
    },
    'what was absent when it was first asked for is found once it is stored': async ({ storage }) => {
      for (const probe of recordProbes) {
        const record = probe.make();
        assert.equal(await probe.read(storage, record), probe.absent, probe.kind);
        await probe.store(storage, record);
        assertSame(await probe.read(storage, record), record, probe.kind);
      }
    },
    'an empty list belongs to its caller': async ({ storage }) => {
      for (const method of readMethods.filter(({ nothing }) => Array.isArray(nothing))) {
        const list = await callRead(storage, method, method.example);
        // A frozen list is as good: it is the next reader who must not see the change.
        if (Array.isArray(list) && !Object.isFrozen(list)) list.push(hookManifest());
        assertSame(await callRead(storage, method, method.example), [], method.name);
      }
    },
  },
);
