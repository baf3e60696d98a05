import assert from 'node:assert/strict';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { recordKeyOf, recordProbes, storeOneOfEach } from '../record-probe.js';
import { gtype, manifest } from '../records.js';
import { illTyped } from '../untyped.js';
import { cases } from './cases.js';
import { later, numbers, putType } from './helpers.js';
import { revisions, take } from './watching.js';

export const revisionCases: readonly ConformanceCase[] = [
  ...cases('revisions', ['commit'], {
    'an empty store is at revision 0, and each commit is the next integer': async ({ full }) => {
      assert.equal((await full.stats()).revision, 0);
      for (const n of numbers(10)) {
        assert.equal(await full.commit([putType(`${n % 3}`)]), n);
      }
      assert.equal((await full.stats()).revision, 10);
    },
    'every store method and clear is a commit': async ({ full }) => {
      for (const [i, probe] of recordProbes.entries()) {
        await probe.store(full, probe.make());
        assert.equal((await full.stats()).revision, i + 1, probe.kind);
      }
      await full.clear();
      assert.equal((await full.stats()).revision, recordProbes.length + 1, 'after clear');
      await full.clear();
      assert.equal((await full.stats()).revision, recordProbes.length + 2, 'after clearing nothing');
    },
    'a record carries the revision of the commit that last wrote it': async ({ full }) => {
      await storeOneOfEach(full);
      for (const [i, probe] of recordProbes.entries()) {
        const key = recordKeyOf(probe, probe.make());
        assert.equal((await full.get(key))?.revision, i + 1, probe.kind);
      }
      const batch = await full.commit([
        { put: 'gtype', value: gtype() },
        { put: 'manifest', value: manifest() },
        { put: 'manifest', value: manifest({ version: '2.0.0' }) },
      ]);
      const revisionOf = async (version: string): Promise<number | undefined> =>
        (await full.get({ kind: 'manifest', key: { handlerId: 'users.create', version } }))?.revision;
      assert.equal(await revisionOf('1.0.0'), batch);
      assert.equal(await revisionOf('2.0.0'), batch);
      assert.equal((await full.get({ kind: 'gtype', key: { ref: 'User' } }))?.revision, batch);
      const graph = await full.get({ kind: 'versionGraph', key: { handlerId: 'users.create' } });
      assert.equal(graph?.revision, 5, 'a record that the batch did not touch');
    },
    'what is refused takes no revision': async ({ full }) => {
      await full.storeManifest(manifest());
      await full.storeManifest(manifest({ handlerId: '' })).catch(() => {});
      await full.commit([{ put: 'gtype', value: illTyped(null) }]).catch(() => {});
      const expect = [{ kind: 'gtype', key: { ref: 'User' }, revision: 5 }] as const;
      await full.commit([{ put: 'gtype', value: gtype() }], { expect }).catch(() => {});
      assert.equal((await full.stats()).revision, 1);
      assert.equal(await full.commit([{ put: 'gtype', value: gtype() }]), 2);
    },
    'commits made at once get distinct revisions without a gap': async ({ full }) => {
      const told = await Promise.all(
        numbers(40).map((n) =>
          full.commit([{ put: 'gtype', value: gtype({ ref: `t${n % 7}`, description: `${n}` }) }]),
        ),
      );
      assertSame(
        [...told].sort((a, b) => a - b),
        numbers(40),
      );
      assert.equal((await full.stats()).revision, 40);
      for (const n of numbers(7)) {
        const entry = await full.get({ kind: 'gtype', key: { ref: `t${n % 7}` } });
        const author = Number(entry?.value.description);
        assert.equal(entry?.revision, told[author - 1], 'the record is the one of its revision');
        const rivals = told.filter((_, i) => (i + 1) % 7 === n % 7);
        assert.equal(entry?.revision, Math.max(...rivals), 'the last commit is the one that is seen');
      }
    },
    'a revision that was told is never greater than the one of stats()': async ({ full }) => {
      const written = later(Promise.all(numbers(20).map((n) => full.commit([putType(`${n}`)]))));
      let last = 0;
      for (const _ of numbers(20)) {
        const { revision, gtypeCount } = await full.stats();
        assert.ok(revision >= last, `revision ${revision} after ${last}`);
        assert.equal(gtypeCount, revision, 'counts and revision are of one moment');
        last = revision;
      }
      for (const revision of await written) assert.ok(revision <= (await full.stats()).revision);
    },
  }),
  ...cases('revisions', ['commit', 'watch'], {
    'a commit without changes takes no revision, also among others that are made at once': async ({
      full,
    }) => {
      await full.open();
      const put = (ref: string): Promise<number> => full.commit([putType(ref)]);
      const expect = [{ kind: 'gtype', key: { ref: 'absent' }, revision: null }] as const;
      const told = await Promise.all([
        full.commit([]),
        put('1'),
        full.commit([]),
        full.commit([], { expect }),
        put('2'),
        full.commit([], { expect }),
      ]);
      const puts = [told[1], told[4]];
      assertSame([...puts].sort(), [1, 2], 'what was put has all revisions');
      for (const revision of told) assert.ok(revision <= 2, `revision ${revision} is of no commit`);
      assert.equal((await full.stats()).revision, 2);
      const watch = full.watch({ after: 0 });
      assertSame(revisions(await take(watch, 2)), [1, 2]);
      assert.equal(await put('3'), 3);
      assertSame(revisions(await take(watch, 1)), [3]);
    },
  }),
];
