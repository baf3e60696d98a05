import assert from 'node:assert/strict';
import type { Storage } from '@gati-framework/manifest-store';
import { within } from '../assertions/deadline.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { recordProbes, storeOneOfEach } from '../record-probe.js';
import { gtype, hookManifest, manifest, versionGraph } from '../records.js';
import { cases } from './cases.js';
import { later, numbers, pick, putType, versionsOf } from './helpers.js';
import { assertWholeBatches } from './iterating.js';
import { revisions, summary, take } from './watching.js';

/**
 * Resolves when `storage` has heard of everything that was committed, by
 * whomever: until then it may answer from what it read before.
 */
async function hearOfAll(storage: Storage): Promise<void> {
  const { revision } = await storage.stats();
  if (revision > 0) await take(storage.watch({ after: revision - 1 }), 1);
}

export const multiProcessCases: readonly ConformanceCase[] = [
  ...cases('multi-process', ['multiProcess', 'commit', 'watch', 'lifecycle'], {
    'what one has written, another reads': async ({ full, another }) => {
      const other = await another();
      for (const probe of recordProbes) {
        await probe.store(full, probe.make());
        assertSame(await probe.read(other, probe.make()), probe.make(), probe.kind);
      }
      assert.equal((await other.stats()).revision, recordProbes.length);
      assertSame(await versionsOf(other), ['1.0.0']);
    },
    'what one had read before is seen anew once it heard of the change': async ({ full, another }) => {
      const other = await another();
      for (const round of numbers(5)) {
        for (const probe of recordProbes) await probe.read(other, probe.make());
        await versionsOf(other);
        await other.listHookManifests();
        for (const probe of recordProbes) await probe.store(full, probe.make({ round }));
        await hearOfAll(other);
        for (const probe of recordProbes) {
          assertSame(await probe.read(other, probe.make()), probe.make({ round }), probe.kind);
        }
        assertSame(await other.getAllManifestVersions('users.create'), [manifest({ round })], 'the versions');
        assertSame(await other.listHookManifests(), [hookManifest({ round })], 'the hook manifests');
        assertSame(await other.getManifest('users.create'), manifest({ round }), 'the latest');
      }
      await full.clear();
      await hearOfAll(other);
      for (const probe of recordProbes) {
        assert.equal(await probe.read(other, probe.make()), probe.absent, probe.kind);
      }
    },
    'both write into one order': async ({ full, another }) => {
      const other = await another();
      for (const n of numbers(10)) {
        await (n % 2 ? full : other).storeManifest(manifest({ version: `v${n}`, createdAt: 1 }));
      }
      await other.storeManifest(manifest({ version: 'v1', createdAt: 1, hash: 'replaced' }));
      const expected = numbers(10).map((n) => `v${n}`);
      for (const storage of [full, other]) {
        await hearOfAll(storage);
        assertSame(await versionsOf(storage), expected);
        assert.equal((await storage.getManifest('users.create'))?.version, 'v10');
      }
    },
    'both count what both have written': async ({ full, another }) => {
      const other = await another();
      await full.open();
      await other.open();
      await storeOneOfEach(full);
      await other.storeManifest(manifest({ version: '2.0.0' }));
      await full.storeManifest(manifest({ version: '2.0.0' }));
      await other.commit([{ delete: 'gtype', key: { ref: 'User' } }]);
      for (const storage of [full, other]) {
        assert.equal((await storage.stats()).manifestCount, 2);
        assert.equal((await storage.stats()).gtypeCount, 0);
        await hearOfAll(storage);
        assert.equal(storage.getStats().manifestCount, 2);
        assert.equal(storage.getStats().gtypeCount, 0);
        assert.equal(storage.getStats().transformerCount, 1);
      }
    },
    'commits of both get distinct revisions without a gap': async ({ full, another }) => {
      const storages = [full, await another(), await another()];
      const committed = await Promise.all(
        numbers(45).map((n) => pick(storages, n).commit([putType(`${n % 10}`)])),
      );
      assertSame(
        [...committed].sort((a, b) => a - b),
        numbers(45),
      );
      for (const storage of storages) assert.equal((await storage.stats()).revision, 45);
    },
    'each watches what the others commit, in one and the same order': async ({ full, another }) => {
      const storages = [full, await another(), await another()];
      for (const storage of storages) await storage.open();
      const watches = storages.map((storage) => later(take(storage.watch({ after: 0 }), 45)));
      await Promise.all(numbers(45).map((n) => pick(storages, n).commit([putType(`${n}`)])));
      const [first, ...others] = (await Promise.all(watches)).map(summary);
      assertSame(Object.keys(first ?? {}).map(Number), numbers(45));
      for (const events of others) assertSame(events, first);
    },
    'a watch that waits is woken by the commit of another': async ({ full, another }) => {
      const other = await another();
      await other.open();
      const watch = other.watch();
      // Once it has heard of its own commit it has begun: what others commit before that may count as before the call.
      await other.storeGType(gtype({ ref: 'own' }));
      assertSame(revisions(await take(watch, 1)), [1]);
      for (const n of [2, 3, 4]) {
        const awaited = later(take(watch, 1));
        await full.storeGType(gtype({ ref: `${n}` }));
        assertSame(revisions(await awaited), [n]);
      }
    },
    'of all who expect the same revision at once, exactly one succeeds': async ({ full, another }) => {
      const storages = [full, ...(await Promise.all(numbers(3).map(another)))];
      const expect = [{ kind: 'versionGraph', key: { handlerId: 'users.create' }, revision: null }] as const;
      const outcomes = await Promise.allSettled(
        storages.flatMap((storage, i) =>
          numbers(3).map((n) =>
            storage.commit([{ put: 'versionGraph', value: versionGraph({ currentVersion: `${i} ${n}` }) }], {
              expect,
            }),
          ),
        ),
      );
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'STORAGE_CONFLICT');
      }
      assert.equal((await full.stats()).revision, 1);
    },
    'many may open a new store at the same moment': async ({ full, another }) => {
      const storages = [full, ...(await Promise.all(numbers(5).map(another)))];
      await Promise.all(storages.map((storage, i) => storage.storeManifest(manifest({ version: `${i}` }))));
      for (const storage of storages) {
        await hearOfAll(storage);
        assert.equal((await versionsOf(storage)).length, storages.length);
        assert.equal(storage.getStats().manifestCount, storages.length);
      }
    },
    'closing one leaves the others open': async ({ full, another }) => {
      const other = await another();
      await full.storeManifest(manifest());
      await other.storeManifest(manifest({ version: '2.0.0' }));
      const watch = other.watch();
      await within(full.close(), 'close()');
      assertSame(await versionsOf(other), ['1.0.0', '2.0.0']);
      await other.storeManifest(manifest({ version: '3.0.0' }));
      assertSame(revisions(await take(watch, 1)), [3]);
    },
  }),
  ...cases('multi-process', ['multiProcess', 'commit', 'watch', 'lifecycle', 'entries'], {
    'another sees each batch whole or not at all': async ({ full, another }) => {
      await assertWholeBatches(full, await another());
    },
  }),
];
