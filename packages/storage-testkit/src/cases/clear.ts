import assert from 'node:assert/strict';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { callRead, readMethods } from '../read-methods.js';
import { recordProbes, storeOneOfEach } from '../record-probe.js';
import { hookManifest } from '../records.js';
import { cases } from './cases.js';
import { storeManifests, storeTransformers, versionsOf } from './helpers.js';

export const clearCases: readonly ConformanceCase[] = cases('clear', [], {
  'clear removes every record of every kind': async ({ storage }) => {
    await storeOneOfEach(storage);
    for (const method of readMethods) await callRead(storage, method, method.example);
    await storage.clear();
    for (const probe of recordProbes) {
      assert.equal(await probe.read(storage, probe.make()), probe.absent, probe.kind);
      assert.equal(storage.getStats()[probe.count], 0, probe.count);
    }
    assert.equal(await storage.getManifest('users.create'), undefined, 'the latest version');
    assertSame(await versionsOf(storage), [], 'the versions');
    assertSame(await storage.listHookManifests(), [], 'the hook manifests');
    assertSame(
      await storage.getTransformersForVersions('users.create', '1.0.0', '2.0.0'),
      [],
      'the transformers',
    );
  },
  'an empty storage can be cleared, and a cleared one cleared again': async ({ storage }) => {
    await storage.clear();
    await storage.clear();
    await storeOneOfEach(storage);
    await storage.clear();
    await storage.clear();
    for (const count of Object.values(storage.getStats())) assert.equal(count, 0);
  },
  'a cleared storage takes records again': async ({ storage }) => {
    await storeOneOfEach(storage);
    await storage.clear();
    for (const probe of recordProbes) {
      const record = probe.make({ hash: 'after clear' });
      await probe.store(storage, record);
      assertSame(await probe.read(storage, record), record, probe.kind);
      assert.equal(storage.getStats()[probe.count], 1, probe.count);
    }
  },
  'records stored after clear take new places': async ({ storage }) => {
    const store = async (names: readonly string[]): Promise<void> => {
      await storeManifests(storage, names, { createdAt: 1 });
      await storeTransformers(storage, names);
      for (const handlerId of names) await storage.storeHookManifest(hookManifest({ handlerId }));
    };
    await store(['a', 'b', 'c']);
    await storage.clear();
    await store(['c', 'a', 'b']);
    assertSame(await versionsOf(storage), ['c', 'a', 'b'], 'the versions');
    const hooks = await storage.listHookManifests();
    assertSame(
      hooks.map(({ handlerId }) => handlerId),
      ['c', 'a', 'b'],
      'the hook manifests',
    );
    const transformers = await storage.getTransformersForVersions('users.create', '1.0.0', '2.0.0');
    assertSame(
      transformers.map(({ id }) => id),
      ['c', 'a', 'b'],
      'the transformers',
    );
  },
});
