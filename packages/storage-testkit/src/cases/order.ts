import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { hookManifest, manifest, transformer } from '../records.js';
import { cases } from './cases.js';
import { numbers, pick, storeManifests, storeTransformers, versionsOf } from './helpers.js';

export const orderCases: readonly ConformanceCase[] = cases('order', [], {
  'versions are ascending by createdAt, however they were stored': async ({ storage }) => {
    for (const createdAt of [30, 10, 50, 20, 40]) {
      await storage.storeManifest(manifest({ version: `v${createdAt}`, createdAt }));
    }
    assertSame(await versionsOf(storage), ['v10', 'v20', 'v30', 'v40', 'v50']);
  },
  'versions of the same age are in first-stored order': async ({ storage }) => {
    await storeManifests(storage, ['b', 'd', 'a', 'c'], { createdAt: 7 });
    assertSame(await versionsOf(storage), ['b', 'd', 'a', 'c']);
  },
  'the latest version is the last of the list, also in a tie': async ({ storage }) => {
    await storeManifests(storage, ['2', '1'], { createdAt: 7 });
    assertSame((await storage.getManifest('users.create'))?.version, '1', 'the latest of a tie');
    await storage.storeManifest(manifest({ version: '9', createdAt: 6 }));
    assertSame((await storage.getManifest('users.create'))?.version, '1', 'the latest beside an older one');
    await storage.storeManifest(manifest({ version: '0', createdAt: 7 }));
    assertSame((await storage.getManifest('users.create'))?.version, '0', 'the latest of a wider tie');
  },
  'an absent, undefined or empty version asks for the latest': async ({ storage }) => {
    await storeManifests(storage, ['1', '2']);
    const latest = (await storage.getAllManifestVersions('users.create')).at(-1);
    assertSame(await storage.getManifest('users.create'), latest, 'getManifest(id)');
    assertSame(await storage.getManifest('users.create', undefined), latest, 'getManifest(id, undefined)');
    assertSame(await storage.getManifest('users.create', ''), latest, "getManifest(id, '')");
  },
  'createdAt is compared as a number: negative, fractional, huge and tiny ones too': async ({ storage }) => {
    const ages = [
      ...[-1e300, -10, -9, -1.5, -1.25, -5e-324, 0, 5e-324, 0.1, 0.30000000000000004, 0.5, 1, 2, 9, 10],
      ...[100, 1_700_000_000_000, 1_700_000_000_000.5, 1_700_000_000_001, 2 ** 53, 2 ** 53 + 2, 2 ** 63],
      ...[1e21, Number.MAX_VALUE],
    ];
    const shuffled = ages.map((_, i) => pick(ages, i * 7));
    for (const createdAt of shuffled) {
      await storage.storeManifest(manifest({ version: `v${createdAt}`, createdAt }));
    }
    const versions = await storage.getAllManifestVersions('users.create');
    assertSame(
      versions.map(({ createdAt }) => createdAt),
      ages,
    );
    assertSame((await storage.getManifest('users.create'))?.createdAt, Number.MAX_VALUE, 'the latest');
  },
  'zero and negative zero are the same age': async ({ storage }) => {
    await storage.storeManifest(manifest({ version: 'a', createdAt: 0 }));
    await storage.storeManifest(manifest({ version: 'b', createdAt: -0 }));
    await storage.storeManifest(manifest({ version: 'c', createdAt: 0 }));
    assertSame(await versionsOf(storage), ['a', 'b', 'c']);
  },
  'the text of a version says nothing about its order': async ({ storage }) => {
    for (const [i, version] of ['10.0.0', '9.0.0', '2.0.0', '1.0.0'].entries()) {
      await storage.storeManifest(manifest({ version, createdAt: i }));
    }
    assertSame(await versionsOf(storage), ['10.0.0', '9.0.0', '2.0.0', '1.0.0']);
    assertSame((await storage.getManifest('users.create'))?.version, '1.0.0', 'the latest version');
  },
  'the order holds for many versions': async ({ storage }) => {
    const versions = numbers(60).map((n) => `v${(n * 37) % 61}`);
    await storeManifests(storage, versions, { createdAt: 1 });
    assertSame(await versionsOf(storage), versions);
    assertSame((await storage.getManifest('users.create'))?.version, versions.at(-1), 'the latest version');
  },
  'handlers do not see the versions of others': async ({ storage }) => {
    for (const version of ['1', '2', '3']) {
      for (const handlerId of ['users', 'users.create', 'user']) {
        await storage.storeManifest(manifest({ handlerId, version, createdAt: 3 }));
      }
    }
    await storage.storeManifest(manifest({ handlerId: 'users', version: '4', createdAt: 4 }));
    assertSame(await versionsOf(storage, 'users.create'), ['1', '2', '3']);
    assertSame((await storage.getManifest('user'))?.version, '3', 'the latest version');
  },
  'hook manifests are listed in first-stored order': async ({ storage }) => {
    const handlerIds = ['m', 'z', 'a', 'M', '10', '9', ...numbers(20).map((n) => `h${(n * 7) % 23}`)];
    for (const [i, handlerId] of handlerIds.entries()) {
      await storage.storeHookManifest(hookManifest({ handlerId, createdAt: 1000 - i }));
    }
    const list = await storage.listHookManifests();
    assertSame(
      list.map(({ handlerId }) => handlerId),
      handlerIds,
    );
  },
  'transformers are listed in first-stored order': async ({ storage }) => {
    const ids = ['m', 'z', 'a', 'M', '10', '9', ...numbers(20).map((n) => `t${(n * 7) % 23}`)];
    for (const [i, id] of ids.entries()) {
      await storage.storeTransformer(transformer({ id, createdAt: 1000 - i, direction: 'backward' }));
      await storage.storeTransformer(transformer({ id: `other ${id}`, toVersion: '3.0.0' }));
    }
    const list = await storage.getTransformersForVersions('users.create', '1.0.0', '2.0.0');
    assertSame(
      list.map(({ id }) => id),
      ids,
    );
  },
  'both directions between the same versions are in one list': async ({ storage }) => {
    await storage.storeTransformer(transformer({ id: 'b', direction: 'backward' }));
    await storage.storeTransformer(transformer({ id: 'a', direction: 'forward' }));
    await storeTransformers(storage, ['c']);
    const list = await storage.getTransformersForVersions('users.create', '1.0.0', '2.0.0');
    assertSame(
      list.map(({ id, direction }) => [id, direction]),
      [
        ['b', 'backward'],
        ['a', 'forward'],
        ['c', 'forward'],
      ],
    );
  },
});
