import assert from 'node:assert/strict';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { recordProbes } from '../record-probe.js';
import { gtype, hookManifest, manifest, transformer } from '../records.js';
import { nest } from '../samples/nest.js';
import { type OddValue, oddValues } from '../samples/odd-values.js';
import { illTyped } from '../untyped.js';
import { cases, type Runs } from './cases.js';

const keeps = ({ name, make, expected = make }: OddValue): Runs => ({
  [`a record keeps ${name}`]: async ({ storage }) => {
    for (const probe of recordProbes) {
      await probe.store(storage, probe.make({ extra: make() }));
      const wanted = probe.make({ extra: expected() });
      assertSame(await probe.read(storage, wanted), wanted, probe.kind);
    }
    assertSame(await storage.getManifest('users.create'), manifest({ extra: expected() }), 'the latest');
    const [version] = await storage.getAllManifestVersions('users.create');
    assertSame(version, manifest({ extra: expected() }), 'the version in the list');
    assertSame(await storage.listHookManifests(), [hookManifest({ extra: expected() })], 'the hooks');
    const found = await storage.getTransformersForVersions('users.create', '1.0.0', '2.0.0');
    assertSame(found, [transformer({ extra: expected() })], 'the transformers');
  },
});

export const fidelityCases: readonly ConformanceCase[] = cases('fidelity', [], ...oddValues.map(keeps), {
  'a record keeps optional fields, absent ones as absent, and fields that the types do not know': async ({
    storage,
  }) => {
    for (const probe of recordProbes) {
      const record = probe.make({ unknown: { to: ['the', 'types'] }, sourceLocation: null });
      await probe.store(storage, record);
      assertSame(await probe.read(storage, record), record, probe.kind);
    }
    const bare = manifest({
      gtypes: { request: 'A', response: 'B' },
      policies: {},
      method: ['GET', 'PUT'],
    });
    await storage.storeManifest(bare);
    assertSame(await storage.getManifest('users.create'), bare);
  },
  'optional fields that are undefined are dropped, also in the known parts of a record': async ({
    storage,
  }) => {
    const policies = { roles: undefined, rateLimit: undefined };
    await storage.storeManifest(
      manifest(illTyped({ policies, hooks: { before: [], after: [], catch: undefined } })),
    );
    const read = await storage.getManifest('users.create');
    assertSame(read, manifest({ policies: {}, hooks: { before: [], after: [] } }));
    assert.ok(!Object.hasOwn(read?.policies ?? {}, 'roles'));
  },
  'a createdAt comes back exactly as it was': async ({ storage }) => {
    for (const createdAt of [0, -0, -1, 0.1, 1_700_000_000_000.123, 2 ** 53 + 2, 1e300, -5e-324]) {
      await storage.storeManifest(manifest({ createdAt }));
      assertSame((await storage.getManifest('users.create'))?.createdAt, createdAt, 'createdAt');
    }
  },
  'the order of the fields of a record is kept': async ({ storage }) => {
    const { handlerId, version, ...rest } = manifest();
    const record = { zebra: 1, ...rest, version, apple: 2, handlerId };
    await storage.storeManifest(record);
    assertSame(await storage.getManifest('users.create'), record);
  },
  'a record nested 200 levels deep is stored': async ({ storage }) => {
    for (const container of ['object', 'array'] as const) {
      // The record itself is the first level.
      const record = gtype({ extra: nest(199, container) });
      await storage.storeGType(record);
      assertSame(await storage.getGType('User'), gtype({ extra: nest(199, container) }));
    }
  },
  'types nested in types come back whole': async ({ storage }) => {
    const leaf = gtype({ ref: 'Leaf', kind: 'primitive', primitiveType: 'null', required: [] });
    const tree = gtype({
      properties: {
        constructor: { type: leaf, optional: true },
        'a.b': { type: gtype({ kind: 'array', items: leaf }), optional: false, description: '' },
      },
      types: [leaf, gtype({ kind: 'union', types: [leaf, leaf] })],
      validators: [
        { type: 'pattern', value: /^[a-z]+$/i, message: 'lower case' },
        { type: 'enum', value: [1, 'two', null, new Date(3)] },
        { type: 'min', value: Number.NEGATIVE_INFINITY },
        { type: 'custom', value: new Map([['limit', 10n]]) },
      ],
    });
    await storage.storeGType(tree);
    assertSame(await storage.getGType('User'), tree);
  },
  'a record of four megabytes comes back whole': async ({ storage }) => {
    const record = gtype({ extra: Array.from({ length: 4 }, (_, i) => `${i}`.repeat(1024 * 1024)) });
    await storage.storeGType(record);
    assertSame(await storage.getGType('User'), record);
  },
});
