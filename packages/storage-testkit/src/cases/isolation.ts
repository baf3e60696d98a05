import assert from 'node:assert/strict';
import type { GType } from '@gati-framework/manifest-store';
import { assertDeepFrozen } from '../assertions/frozen.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { callRead, readMethods } from '../read-methods.js';
import { type AnyRecord, type RecordProbe, recordProbes, storeOneOfEach } from '../record-probe.js';
import { gtype, hookManifest, manifest, transformer } from '../records.js';
import { changeBuiltIns, mutableBuiltIns } from '../samples/built-ins.js';
import { spoil } from '../samples/spoil.js';
import { fieldOf } from '../untyped.js';
import { cases } from './cases.js';

/** A record with something to change at every depth. */
function deepRecord(probe: RecordProbe): AnyRecord {
  return probe.make({ extra: { list: [{ name: 'kept' }, ['kept']], nested: { deeper: { name: 'kept' } } } });
}

export const isolationCases: readonly ConformanceCase[] = cases('isolation', [], {
  'changing an object after it was stored does not change the store': async ({ storage }) => {
    for (const probe of recordProbes) {
      const source = deepRecord(probe);
      await probe.store(storage, source);
      spoil(source);
      assertSame(await probe.read(storage, deepRecord(probe)), deepRecord(probe), probe.kind);
    }
  },
  'the copy is taken when the method is called, not when the write happens': async ({ storage }) => {
    for (const probe of recordProbes) {
      const source = deepRecord(probe);
      const stored = probe.store(storage, source);
      spoil(source);
      await stored;
      assertSame(await probe.read(storage, deepRecord(probe)), deepRecord(probe), probe.kind);
    }
  },
  'changing a Date, Map, Set, RegExp or typed array after it was stored does not change the store': async ({
    storage,
  }) => {
    const source = gtype({ validators: [{ type: 'custom', value: mutableBuiltIns() }] });
    const stored = storage.storeGType(source);
    changeBuiltIns(source.validators?.[0]?.value);
    await stored;
    assertSame((await storage.getGType('User'))?.validators?.[0]?.value, mutableBuiltIns());
  },
  'storing neither freezes nor changes the object that was handed in': async ({ storage }) => {
    for (const probe of recordProbes) {
      const source = probe.make({ dropped: undefined, nested: { list: [1] } });
      await probe.store(storage, source);
      assertSame(source, probe.make({ dropped: undefined, nested: { list: [1] } }), probe.kind);
      const nested = fieldOf(source, 'nested');
      for (const part of [source, nested, fieldOf(nested, 'list')]) {
        assert.ok(!Object.isFrozen(part) && Object.isExtensible(part), `${probe.kind}: the source is frozen`);
      }
    }
  },
  'a frozen object can be stored, and what was read can be stored again': async ({ storage }) => {
    await storage.storeManifest(Object.freeze({ ...manifest(), policies: Object.freeze({}) }));
    const read = await storage.getManifest('users.create');
    assert.ok(read);
    await storage.storeManifest({ ...read, version: '2.0.0' });
    await storage.storeManifest(read);
    assertSame(await storage.getManifest('users.create', '1.0.0'), read);
  },
  'every lookup returns records that are frozen through and through': async ({ storage }) => {
    for (const probe of recordProbes) {
      await probe.store(
        storage,
        probe.make({ odd: [{ at: new Date(0), list: [[{}]] }, new Map([[{}, []]])] }),
      );
    }
    // Twice: the first read may fill a cache, the second may be answered from it.
    for (const round of ['first', 'second']) {
      for (const method of readMethods) {
        const found = await callRead(storage, method, method.example);
        const records = Array.isArray(found) ? found : [found];
        assert.equal(records.length, 1);
        assert.ok(records[0], `${method.name} found nothing`);
        assertDeepFrozen(records[0], `what ${method.name} returned at the ${round} read`);
      }
      assertDeepFrozen(await storage.getManifest('users.create'), 'the latest manifest');
    }
  },
  'trying to change what was read does not change the store': async ({ storage }) => {
    for (const probe of recordProbes) {
      await probe.store(storage, deepRecord(probe));
      spoil(await probe.read(storage, deepRecord(probe)));
      assertSame(await probe.read(storage, deepRecord(probe)), deepRecord(probe), probe.kind);
    }
  },
  'each list is a fresh array': async ({ storage }) => {
    await storeOneOfEach(storage);
    for (const method of readMethods) {
      const first = await callRead(storage, method, method.example);
      if (!Array.isArray(first)) continue;
      const second = await callRead(storage, method, method.example);
      assert.notEqual(first, second, `${method.name} returned the same array twice`);
      const copy = [...first];
      if (!Object.isFrozen(first)) first.push('spoilt');
      assertSame(second, copy, `what ${method.name} returned before`);
      assertSame(await callRead(storage, method, method.example), copy, `what ${method.name} returns after`);
    }
  },
  'an array that was returned does not grow with the store': async ({ storage }) => {
    await storeOneOfEach(storage);
    const versions = await storage.getAllManifestVersions('users.create');
    const hooks = await storage.listHookManifests();
    const transformers = await storage.getTransformersForVersions('users.create', '1.0.0', '2.0.0');
    await storage.storeManifest(manifest({ version: '2.0.0' }));
    await storage.storeManifest(manifest({ hash: 'replaced' }));
    await storage.storeHookManifest(hookManifest({ handlerId: 'other' }));
    await storage.storeTransformer(transformer({ id: 'other' }));
    assertSame(versions, [manifest()], 'the versions');
    assertSame(hooks, [hookManifest()], 'the hook manifests');
    assertSame(transformers, [transformer()], 'the transformers');
  },
  'a record that was read stays as it was when the store changes': async ({ storage }) => {
    for (const probe of recordProbes) {
      await probe.store(storage, deepRecord(probe));
      const read = await probe.read(storage, deepRecord(probe));
      await probe.store(storage, probe.make({ extra: 'replaced' }));
      assertSame(read, deepRecord(probe), probe.kind);
    }
    await storage.clear();
  },
  'Dates, Maps, Sets, RegExps and typed arrays are copies of their own at each read': async ({ storage }) => {
    for (const probe of recordProbes) {
      await probe.store(storage, probe.make({ extra: mutableBuiltIns() }));
    }
    for (const method of readMethods) {
      const values = async (): Promise<unknown[]> => {
        const found = await callRead(storage, method, method.example);
        return (Array.isArray(found) ? found : [found]).map((record) => fieldOf(record, 'extra'));
      };
      const earlier = await values();
      const spoilt = await values();
      for (const value of spoilt) changeBuiltIns(value);
      for (const value of [...earlier, ...(await values())]) {
        assertSame(value, mutableBuiltIns(), `what ${method.name} returned`);
      }
    }
  },
  'a RegExp that was read can be used, also one that keeps its place': async ({ storage }) => {
    await storage.storeGType(gtype({ validators: [{ type: 'pattern', value: /a+/g }] }));
    for (const _ of [1, 2]) {
      const pattern: RegExp = (await storage.getGType('User'))?.validators?.[0]?.value;
      assert.ok(pattern.test('xaay'));
      assert.equal(pattern.lastIndex, 3);
    }
  },
  'an object inside several records is no link between them': async ({ storage }) => {
    const shared: GType = { ref: 'Shared', kind: 'object', required: ['a'] };
    await storage.storeGType(gtype({ ref: 'One', items: shared }));
    await storage.storeGType(gtype({ ref: 'Two', items: shared, types: [shared, shared] }));
    shared.required?.push('b');
    await storage.storeGType(shared);
    const before: GType = { ref: 'Shared', kind: 'object', required: ['a'] };
    assertSame((await storage.getGType('One'))?.items, before);
    assertSame((await storage.getGType('Two'))?.types, [before, before]);
    assertSame(await storage.getGType('Shared'), { ...before, required: ['a', 'b'] });
  },
});
