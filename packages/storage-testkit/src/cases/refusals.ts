import assert from 'node:assert/strict';
import type { StorageContract, StorageError } from '@gati-framework/manifest-store';
import { assertRejects } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { callRead, type ReadMethod, readMethods } from '../read-methods.js';
import { type Fields, probes, type RecordProbe, recordProbes, storeOneOfEach } from '../record-probe.js';
import { type BadValue, badRecords, badTimes, badValues } from '../samples/bad-values.js';
import { badKeys } from '../samples/keys.js';
import { illTyped } from '../untyped.js';
import { cases, type Runs } from './cases.js';

/** Fails unless `call` is refused with `INVALID_RECORD` and leaves no trace in `Object.prototype`. */
async function refused(call: () => Promise<unknown>, path?: string): Promise<StorageError> {
  const inherited = Reflect.ownKeys(Object.prototype);
  const error = await assertRejects(call, 'INVALID_RECORD', path);
  assert.deepEqual(Reflect.ownKeys(Object.prototype), inherited, 'Object.prototype was changed');
  return error;
}

async function assertNothingStored(storage: StorageContract): Promise<void> {
  assertSame(await storage.getAllManifestVersions('users.create'), [], 'the manifests after refusals');
  assertSame(await storage.listHookManifests(), [], 'the hook manifests after refusals');
  for (const probe of recordProbes) {
    assert.equal(await probe.read(storage, probe.make()), probe.absent, `a refused ${probe.kind} was stored`);
  }
  for (const [name, count] of Object.entries(storage.getStats())) assert.equal(count, 0, name);
}

const refusesBadValue = ({ name, make, at = '', blamesRecord = false }: BadValue): Runs => ({
  [`a record with ${name} is refused, naming the place`]: async ({ storage }) => {
    const details = make();
    for (const probe of recordProbes) {
      const path = blamesRecord ? probe.kind : `${probe.kind}.details${at}`;
      await refused(() => probe.store(storage, probe.make({ details })), path);
    }
    await assertNothingStored(storage);
  },
});

const refusesBadKeys = (probe: RecordProbe): Runs => ({
  [`${probe.kind}: an invalid ${probe.identifiers.join(', ')} is refused`]: async ({ storage }) => {
    for (const field of probe.identifiers) {
      for (const [description, key] of Object.entries(badKeys)) {
        const call = (): Promise<unknown> => probe.store(storage, probe.make({ [field]: key }));
        const error = await refused(call);
        const path = `${probe.kind}.${field}`;
        assert.ok(error.path?.startsWith(path), `${description} in ${path}: the path is ${error.path}`);
      }
      const { [field]: _, ...without }: Fields = { ...probe.make() };
      await refused(() => probe.store(storage, without), `${probe.kind}.${field}`);
    }
    await assertNothingStored(storage);
  },
});

const refusesBadTimes = (probe: RecordProbe): Runs => ({
  [`${probe.kind}: a createdAt that is not a finite number is refused`]: async ({ storage }) => {
    const path = `${probe.kind}.createdAt`;
    for (const createdAt of Object.values(badTimes)) {
      await refused(() => probe.store(storage, probe.make({ createdAt })), path);
    }
    await assertNothingStored(storage);
  },
});

const refusesToReadBadKeys = (method: ReadMethod): Runs => ({
  [`${method.name} refuses what is no key`]: async ({ storage }) => {
    await storeOneOfEach(storage);
    for (const [position, parameter] of method.parameters.entries()) {
      for (const [description, key] of Object.entries(badKeys)) {
        if (asksForLatest(parameter, method.name, key)) continue;
        const args: unknown[] = [...method.example];
        args[position] = key;
        const call = (): Promise<unknown> => callRead(storage, method, args);
        const error = await assertRejects(call, 'INVALID_RECORD');
        assert.ok(error.path, `${description} as ${parameter}: the error has no path`);
      }
    }
    if (method.parameters.length > 0 && method.name !== 'getManifest') {
      await assertRejects(() => callRead(storage, method, []), 'INVALID_RECORD');
    }
  },
});

export const refusalCases: readonly ConformanceCase[] = cases(
  'refusals',
  [],
  ...badValues.map(refusesBadValue),
  ...recordProbes.map(refusesBadKeys),
  ...recordProbes.filter(({ hasCreatedAt }) => hasCreatedAt).map(refusesBadTimes),
  ...readMethods.map(refusesToReadBadKeys),
  {
    'what is no record is refused': async ({ storage }) => {
      for (const probe of recordProbes) {
        for (const value of Object.values(badRecords)) {
          const error = await refused(() => probe.store(storage, value));
          assert.ok(
            error.path?.startsWith(probe.kind),
            `the path ${error.path} does not begin with the kind`,
          );
        }
      }
      await assertNothingStored(storage);
    },
    'the latest version of what is no handler is refused': async ({ storage }) => {
      await storeOneOfEach(storage);
      for (const id of Object.values(badKeys)) {
        await assertRejects(() => storage.getManifest(illTyped(id)), 'INVALID_RECORD');
        await assertRejects(() => storage.getManifest(illTyped(id), ''), 'INVALID_RECORD');
      }
    },
    'a refused replacement leaves the record as it was': async ({ storage }) => {
      await storeOneOfEach(storage);
      for (const probe of recordProbes) {
        const bad = probe.make({ hash: 'refused', details: { check: () => true } });
        const path = `${probe.kind}.details.check`;
        await refused(() => probe.store(storage, bad), path);
        assertSame(await probe.read(storage, probe.make()), probe.make(), probe.kind);
        assert.equal(storage.getStats()[probe.count], 1);
      }
    },
    'a function in a known part of a record is refused, naming the place': async ({ storage }) => {
      const check = (): boolean => true;
      const refusedAt = (probe: RecordProbe, fields: Fields, path: string): Promise<unknown> =>
        refused(() => probe.store(storage, probe.make(fields)), path);
      await refusedAt(probes.manifest, { policies: { check } }, 'manifest.policies.check');
      await refusedAt(probes.manifest, { hooks: { before: [check] } }, 'manifest.hooks.before[0]');
      await refusedAt(
        probes.hookManifest,
        { hooks: [{ id: 'a' }, { id: check }] },
        'hookManifest.hooks[1].id',
      );
      const validators = [{ type: 'custom', value: check }];
      await refusedAt(probes.gtype, { validators }, 'gtype.validators[0].value');
      const properties = { 'first name': { type: { ref: 'X', kind: 'object', items: check } } };
      await refusedAt(probes.gtype, { properties }, 'gtype.properties["first name"].type.items');
      await assertNothingStored(storage);
    },
    'a record that throws while it is read is refused, not passed on': async ({ storage }) => {
      const hostile = new Proxy(
        {},
        {
          ownKeys: () => {
            throw new RangeError('thrown by the trap');
          },
        },
      );
      for (const probe of recordProbes) {
        await refused(() => probe.store(storage, hostile));
        await refused(() => probe.store(storage, probe.make({ details: hostile })));
      }
      await assertNothingStored(storage);
    },
    'a storage works on after it refused something': async ({ storage }) => {
      for (const probe of recordProbes) {
        await refused(() => probe.store(storage, null), probe.kind);
        await probe.store(storage, probe.make());
        assertSame(await probe.read(storage, probe.make()), probe.make(), probe.kind);
      }
    },
  },
);

function asksForLatest(parameter: string, method: string, key: unknown): boolean {
  return method === 'getManifest' && parameter === 'version' && (key === '' || key === undefined);
}
