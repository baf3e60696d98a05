import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { type RecordProbe, recordProbes } from '../record-probe.js';
import { hookManifest, manifest, transformer } from '../records.js';
import { cases, type Runs } from './cases.js';
import { storeManifests, storeTransformers, versionsOf } from './helpers.js';

const replaces = (probe: RecordProbe): Runs => ({
  [`${probe.kind}: storing an existing key replaces the whole record`]: async ({ storage }) => {
    await probe.store(storage, probe.make({ hash: 'old', onlyInTheOld: { deep: [1, 2, 3] } }));
    const replacement = probe.make({ hash: 'new', onlyInTheNew: true });
    await probe.store(storage, replacement);
    assertSame(await probe.read(storage, replacement), replacement);
  },
});

export const replacementCases: readonly ConformanceCase[] = cases(
  'replacement',
  [],
  ...recordProbes.map(replaces),
  {
    'a replaced manifest keeps its place among versions of the same age': async ({ storage }) => {
      await storeManifests(storage, ['1', '2', '3'], { createdAt: 5 });
      for (const version of ['1', '2', '1']) {
        await storage.storeManifest(manifest({ version, createdAt: 5, hash: 'replaced' }));
        assertSame(await versionsOf(storage), ['1', '2', '3'], `versions after replacing ${version}`);
        assertSame((await storage.getManifest('users.create'))?.version, '3', 'the latest version');
      }
    },
    'a manifest replaced by one of another age moves to where its age belongs': async ({ storage }) => {
      await storage.storeManifest(manifest({ version: 'a', createdAt: 1 }));
      await storage.storeManifest(manifest({ version: 'b', createdAt: 2 }));
      await storage.storeManifest(manifest({ version: 'c', createdAt: 3 }));
      await storage.storeManifest(manifest({ version: 'a', createdAt: 4 }));
      assertSame(await versionsOf(storage), ['b', 'c', 'a']);
      assertSame((await storage.getManifest('users.create'))?.version, 'a', 'the latest version');
      await storage.storeManifest(manifest({ version: 'c', createdAt: 0 }));
      assertSame(await versionsOf(storage), ['c', 'b', 'a']);
    },
    'a manifest that comes back to an age it had is again where it was first stored': async ({ storage }) => {
      await storeManifests(storage, ['a', 'b', 'c'], { createdAt: 5 });
      await storage.storeManifest(manifest({ version: 'a', createdAt: 9 }));
      assertSame(await versionsOf(storage), ['b', 'c', 'a']);
      await storage.storeManifest(manifest({ version: 'a', createdAt: 5 }));
      assertSame(await versionsOf(storage), ['a', 'b', 'c']);
      await storage.storeManifest(manifest({ version: 'b', createdAt: 9 }));
      await storage.storeManifest(manifest({ version: 'a', createdAt: 9 }));
      assertSame(await versionsOf(storage), ['c', 'a', 'b'], 'versions that met at a new age');
    },
    'a replaced hook manifest keeps its place in the list': async ({ storage }) => {
      for (const handlerId of ['c', 'a', 'b']) await storage.storeHookManifest(hookManifest({ handlerId }));
      await storage.storeHookManifest(hookManifest({ handlerId: 'c', version: '9' }));
      await storage.storeHookManifest(hookManifest({ handlerId: 'a', createdAt: 0 }));
      const list = await storage.listHookManifests();
      assertSame(
        list.map(({ handlerId }) => handlerId),
        ['c', 'a', 'b'],
      );
      assertSame(list[0]?.version, '9', 'the version of the replaced one');
    },
    'a replaced transformer keeps its place in the list': async ({ storage }) => {
      await storeTransformers(storage, ['c', 'a', 'b']);
      await storage.storeTransformer(transformer({ id: 'c', hash: 'replaced', createdAt: 99 }));
      const list = await storage.getTransformersForVersions('users.create', '1.0.0', '2.0.0');
      assertSame(
        list.map(({ id }) => id),
        ['c', 'a', 'b'],
      );
      assertSame(list[0]?.hash, 'replaced', 'the hash of the replaced one');
    },
    'a transformer replaced by one between other versions moves, at its first-stored place': async ({
      storage,
    }) => {
      await storeTransformers(storage, ['a', 'b']);
      await storage.storeTransformer(transformer({ id: 'c', fromVersion: '7', toVersion: '8' }));
      await storage.storeTransformer(transformer({ id: 'a', fromVersion: '7', toVersion: '8' }));
      const idsBetween = async (from: string, to: string): Promise<string[]> =>
        (await storage.getTransformersForVersions('users.create', from, to)).map(({ id }) => id);
      assertSame(await idsBetween('1.0.0', '2.0.0'), ['b'], 'what it left');
      assertSame(await idsBetween('7', '8'), ['a', 'c'], 'where it came');
      await storage.storeTransformer(transformer({ id: 'a' }));
      assertSame(await idsBetween('1.0.0', '2.0.0'), ['a', 'b'], 'after its return');
      await storage.storeTransformer(transformer({ id: 'b', handlerId: 'other' }));
      assertSame(await idsBetween('1.0.0', '2.0.0'), ['a'], 'after the handler changed');
    },
  },
);
