import assert from 'node:assert/strict';
import type { Change } from '@gati-framework/manifest-store';
import { assertRejects } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { recordProbes, storeOneOfEach } from '../record-probe.js';
import { gtype, hookManifest, manifest } from '../records.js';
import { nastyKeys } from '../samples/keys.js';
import { oddValues } from '../samples/odd-values.js';
import { cases } from './cases.js';
import { later, numbers, storeManifests, storeTransformers, versionsOf } from './helpers.js';
import { revisions, summary, take } from './watching.js';

export const persistenceCases: readonly ConformanceCase[] = [
  ...cases('persistence', ['persistent'], {
    'records of every kind are there after reopening, and counted': async ({ full, reopen }) => {
      await storeOneOfEach(full);
      const reopened = await reopen();
      for (const probe of recordProbes) {
        assertSame(await probe.read(reopened, probe.make()), probe.make(), probe.kind);
        assert.equal(reopened.getStats()[probe.count], 1, probe.count);
      }
    },
    'keys and values of every sort come back after reopening': async ({ full, reopen }) => {
      for (const ref of nastyKeys) await full.storeGType(gtype({ ref }));
      const record = (i: number): ReturnType<typeof manifest> =>
        manifest({ version: `${i}`, extra: oddValues[i]?.make() });
      for (const [i] of oddValues.entries()) await full.storeManifest(record(i));
      const reopened = await reopen();
      for (const ref of nastyKeys) assertSame(await reopened.getGType(ref), gtype({ ref }), ref);
      for (const [i, { name, make, expected = make }] of oddValues.entries()) {
        const read = await reopened.getManifest('users.create', `${i}`);
        assertSame(read, manifest({ version: `${i}`, extra: expected() }), `a record with ${name}`);
      }
    },
    'order and places survive reopening': async ({ full, reopen }) => {
      await storeManifests(full, ['c', 'a', 'b'], { createdAt: 1 });
      await storeTransformers(full, ['c', 'a', 'b']);
      for (const handlerId of ['c', 'a', 'b']) await full.storeHookManifest(hookManifest({ handlerId }));
      await full.storeManifest(manifest({ version: 'c', createdAt: 1, hash: 'replaced' }));
      const reopened = await reopen();
      await storeManifests(reopened, ['0', 'a'], { createdAt: 1 });
      await storeTransformers(reopened, ['0', 'a']);
      for (const handlerId of ['0', 'a']) await reopened.storeHookManifest(hookManifest({ handlerId }));
      assertSame(await versionsOf(reopened), ['c', 'a', 'b', '0']);
      assert.equal((await reopened.getManifest('users.create'))?.version, '0');
      const transformers = await reopened.getTransformersForVersions('users.create', '1.0.0', '2.0.0');
      assertSame(
        transformers.map(({ id }) => id),
        ['c', 'a', 'b', '0'],
      );
      assertSame(
        (await reopened.listHookManifests()).map(({ handlerId }) => handlerId),
        ['c', 'a', 'b', '0'],
      );
    },
    'what was cleared stays cleared': async ({ full, reopen }) => {
      await storeOneOfEach(full);
      await full.clear();
      const reopened = await reopen();
      for (const probe of recordProbes) {
        assert.equal(await probe.read(reopened, probe.make()), probe.absent, probe.kind);
        assert.equal(reopened.getStats()[probe.count], 0, probe.count);
      }
    },
  }),
  ...cases('persistence', ['persistent', 'lifecycle'], {
    'the counts are right before anything was read': async ({ full, reopen }) => {
      await storeManifests(full, ['1', '2', '3']);
      const reopened = await reopen();
      await reopened.open();
      assert.equal(reopened.getStats().manifestCount, 3);
      await reopened.storeManifest(manifest({ version: '2' }));
      assert.equal(reopened.getStats().manifestCount, 3);
      await reopened.storeManifest(manifest({ version: '4' }));
      assert.equal(reopened.getStats().manifestCount, 4);
    },
    'writes that were not awaited are there after close()': async ({ full, reopen }) => {
      await full.open();
      const writes = later(
        Promise.all(numbers(30).map((n) => full.storeManifest(manifest({ version: `${n}` })))),
      );
      const reopened = await reopen();
      await writes;
      assertSame(new Set(await versionsOf(reopened)).size, 30, 'the number of versions');
    },
    'writes that were made before the storage was open are there after close()': async ({ full, reopen }) => {
      const writes = later(Promise.all(recordProbes.map((probe) => probe.store(full, probe.make()))));
      const reopened = await reopen();
      await writes;
      for (const probe of recordProbes) {
        assertSame(await probe.read(reopened, probe.make()), probe.make(), probe.kind);
      }
    },
  }),
  ...cases('persistence', ['persistent', 'commit'], {
    'revisions go on where they were, and expectations hold across reopening': async ({ full, reopen }) => {
      const put = (description: string): Change => ({ put: 'gtype', value: gtype({ description }) });
      const key = { kind: 'gtype', key: { ref: 'User' } } as const;
      await full.commit([put('1')]);
      await full.commit([put('2')]);
      await full.commit([{ delete: 'manifest', key: manifest() }]);
      const reopened = await reopen();
      assert.equal((await reopened.stats()).revision, 3);
      const entry = await reopened.get(key);
      assert.equal(entry?.revision, 2);
      await assertRejects(
        () => reopened.commit([put('x')], { expect: [{ ...key, revision: 1 }] }),
        'STORAGE_CONFLICT',
      );
      assert.equal(await reopened.commit([put('4')], { expect: [{ ...key, revision: 2 }] }), 4);
    },
  }),
  ...cases('persistence', ['persistent', 'commit', 'watch'], {
    'a watch replays what was committed before reopening, and follows': async ({ full, reopen }) => {
      await full.storeGType(gtype({ ref: 'A' }));
      await full.commit([{ delete: 'gtype', key: { ref: 'A' } }, { clear: true }]);
      const reopened = await reopen();
      const watch = reopened.watch({ after: 0 });
      await reopened.storeGType(gtype({ ref: 'B' }));
      assertSame(summary(await take(watch, 3)), {
        1: ['put gtype A'],
        2: ['delete gtype A', 'clear'],
        3: ['put gtype B'],
      });
      assertSame(revisions(await take(reopened.watch({ after: 1 }), 2)), [2, 3]);
    },
  }),
];
