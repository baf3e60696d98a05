import assert from 'node:assert/strict';
import type { Change } from '@gati-framework/manifest-store';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { recordProbes, removalOf, storeOneOfEach } from '../record-probe.js';
import { gtype, hookManifest, manifest } from '../records.js';
import { spoil } from '../samples/spoil.js';
import { cases } from './cases.js';
import { numbers, oneOfEach, putType, storeManifests, storeTransformers, versionsOf } from './helpers.js';

export const batchCases: readonly ConformanceCase[] = cases('batches', ['commit'], {
  'a batch stores records of every kind as one commit': async ({ full }) => {
    assert.equal(await full.commit(oneOfEach()), 1);
    for (const probe of recordProbes) {
      assertSame(await probe.read(full, probe.make()), probe.make(), probe.kind);
      assert.equal(full.getStats()[probe.count], 1, probe.count);
    }
    assert.equal((await full.stats()).revision, 1);
  },
  'changes are applied in order': async ({ full }) => {
    const key = { handlerId: 'users.create', version: '1.0.0' };
    const put = (hash: string): Change => ({ put: 'manifest', value: manifest({ hash }) });
    const remove: Change = { delete: 'manifest', key };
    const hashAfter = async (...changes: Change[]): Promise<string | undefined> => {
      await full.commit(changes);
      return (await full.getManifest('users.create', '1.0.0'))?.hash;
    };
    assert.equal(await hashAfter(put('a'), put('b')), 'b');
    assert.equal(await hashAfter(put('c'), remove), undefined);
    assert.equal(await hashAfter(remove, put('d')), 'd');
    assert.equal(await hashAfter(put('e'), { clear: true }), undefined);
    assert.equal(await hashAfter({ clear: true }, put('f'), remove, put('g')), 'g');
    assert.equal(full.getStats().manifestCount, 1);
  },
  'deleting takes a record out of every lookup and list, and nothing else': async ({ full }) => {
    await storeManifests(full, ['1', '2', '3'], { createdAt: 1 });
    await storeTransformers(full, ['a', 'b', 'c']);
    for (const handlerId of ['x', 'y', 'z']) await full.storeHookManifest(hookManifest({ handlerId }));
    await full.commit([
      { delete: 'manifest', key: { handlerId: 'users.create', version: '3' } },
      { delete: 'transformer', key: { id: 'a' } },
      { delete: 'hookManifest', key: { handlerId: 'y' } },
    ]);
    assertSame(await versionsOf(full), ['1', '2']);
    assert.equal((await full.getManifest('users.create'))?.version, '2');
    assert.equal(await full.getManifest('users.create', '3'), undefined);
    const transformers = await full.getTransformersForVersions('users.create', '1.0.0', '2.0.0');
    assertSame(
      transformers.map(({ id }) => id),
      ['b', 'c'],
    );
    const hooks = await full.listHookManifests();
    assertSame(
      hooks.map(({ handlerId }) => handlerId),
      ['x', 'z'],
    );
    assert.equal(await full.getHookManifest('y'), null);
  },
  'every kind can be deleted by its exact key': async ({ full }) => {
    for (const probe of recordProbes) {
      await probe.store(full, probe.make());
      for (const field of probe.keyFields) {
        await full.commit([removalOf(probe, probe.make({ [field]: 'other' }))]);
      }
      assertSame(await probe.read(full, probe.make()), probe.make(), probe.kind);
      await full.commit([removalOf(probe, probe.make())]);
      assert.equal(await probe.read(full, probe.make()), probe.absent, probe.kind);
    }
  },
  'deleting what is absent is allowed': async ({ full }) => {
    const removals = recordProbes.map((probe) => removalOf(probe, probe.make()));
    assert.equal(await full.commit(removals), 1);
    await storeOneOfEach(full);
    await full.commit([...removals, ...removals]);
    for (const probe of recordProbes) assert.equal(await probe.read(full, probe.make()), probe.absent);
  },
  'a record deleted and stored again takes a new place': async ({ full }) => {
    await storeManifests(full, ['1', '2', '3'], { createdAt: 1 });
    await storeTransformers(full, ['a', 'b', 'c']);
    await full.commit([
      { delete: 'manifest', key: { handlerId: 'users.create', version: '1' } },
      { put: 'manifest', value: manifest({ version: '1', createdAt: 1 }) },
    ]);
    await full.commit([{ delete: 'transformer', key: { id: 'a' } }]);
    await storeTransformers(full, ['a']);
    assertSame(await versionsOf(full), ['2', '3', '1']);
    const transformers = await full.getTransformersForVersions('users.create', '1.0.0', '2.0.0');
    assertSame(
      transformers.map(({ id }) => id),
      ['b', 'c', 'a'],
    );
  },
  'the records of a batch take their places in its order': async ({ full }) => {
    const names = numbers(30).map((n) => `n${(n * 11) % 31}`);
    await full.commit(
      names.flatMap((name): Change[] => [
        { put: 'manifest', value: manifest({ version: name, createdAt: 1 }) },
        { put: 'hookManifest', value: hookManifest({ handlerId: name }) },
      ]),
    );
    assertSame(await versionsOf(full), names);
    assertSame(
      (await full.listHookManifests()).map(({ handlerId }) => handlerId),
      names,
    );
  },
  'the records of a batch are copied when commit is called': async ({ full }) => {
    const changes = oneOfEach();
    const committed = full.commit(changes);
    spoil(changes);
    await committed;
    for (const probe of recordProbes) {
      assertSame(await probe.read(full, probe.make()), probe.make(), probe.kind);
    }
  },
  'a batch of a thousand changes is applied whole': async ({ full }) => {
    const puts = numbers(1_000).map((n) => putType(`t${n}`));
    assert.equal(await full.commit(puts), 1);
    assert.equal(full.getStats().gtypeCount, 1_000);
    const removals = numbers(999).map((n): Change => ({ delete: 'gtype', key: { ref: `t${n}` } }));
    assert.equal(await full.commit(removals), 2);
    assert.equal(full.getStats().gtypeCount, 1);
    assertSame(await full.getGType('t1000'), gtype({ ref: 't1000' }));
    assert.equal(await full.getGType('t999'), undefined);
  },
  'a batch without changes changes nothing and resolves with the current revision': async ({ full }) => {
    assert.equal(await full.commit([]), 0);
    await full.storeManifest(manifest());
    assert.equal(await full.commit([]), 1);
    assert.equal(await full.commit([], {}), 1);
    assert.equal((await full.stats()).revision, 1);
  },
});
