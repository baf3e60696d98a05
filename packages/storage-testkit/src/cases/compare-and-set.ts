import assert from 'node:assert/strict';
import type { Change } from '@gati-framework/manifest-store';
import { assertRejects } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { expectationOf, putOf, recordKeyOf, recordProbes, storeOneOfEach } from '../record-probe.js';
import { gtype, manifest, versionGraph } from '../records.js';
import { illTyped } from '../untyped.js';
import { withoutFigures } from '../without-figures.js';
import { cases } from './cases.js';
import { currentGraph, expecting, graphKey, putGraph } from './graph-under-test.js';

export const compareAndSetCases: readonly ConformanceCase[] = cases('compare-and-set', ['commit'], {
  'expecting absence succeeds once and then conflicts': async ({ full }) => {
    for (const probe of recordProbes) {
      const expect = [expectationOf(probe, probe.make(), null)];
      const commit = (hash: string): Promise<number> =>
        full.commit([putOf(probe, probe.make({ hash }))], { expect });
      await commit('first');
      await assertRejects(() => commit('second'), 'STORAGE_CONFLICT');
      assertSame(await probe.read(full, probe.make()), probe.make({ hash: 'first' }), probe.kind);
    }
  },
  'expecting the current revision succeeds, an older or newer one conflicts': async ({ full }) => {
    const first = await full.commit([putGraph('1')]);
    const second = await full.commit([putGraph('2')], expecting(first));
    await assertRejects(() => full.commit([putGraph('x')], expecting(first)), 'STORAGE_CONFLICT');
    await assertRejects(() => full.commit([putGraph('x')], expecting(second + 1)), 'STORAGE_CONFLICT');
    await assertRejects(() => full.commit([putGraph('x')], expecting(0)), 'STORAGE_CONFLICT');
    await assertRejects(() => full.commit([putGraph('x')], expecting(null)), 'STORAGE_CONFLICT');
    assert.equal(await currentGraph(full), '2');
    await full.commit([putGraph('3')], expecting(second));
    assert.equal(await currentGraph(full), '3');
  },
  'a conflict names the record and its actual revision': async ({ full }) => {
    await full.storeGType(gtype());
    await full.storeVersionGraph(versionGraph());
    const error = await assertRejects(() => full.commit([putGraph('x')], expecting(1)), 'STORAGE_CONFLICT');
    assert.match(error.message, /versionGraph/);
    assert.match(error.message, /users\.create/);
    assert.match(error.message, /\b2\b/);
    assert.equal(error.details?.kind, 'versionGraph');
    assert.equal(error.details?.expected, 1);
    assert.equal(error.details?.actual, 2);
    const key = { ref: 'Missing' };
    const missing = await assertRejects(
      () => full.commit([], { expect: [{ kind: 'gtype', key, revision: 1 }] }),
      'STORAGE_CONFLICT',
    );
    assert.equal(missing.details?.actual, null);
  },
  'a conflict changes nothing: no record, no count, no revision': async ({ full }) => {
    await storeOneOfEach(full);
    const before = withoutFigures(await full.stats());
    const changes: Change[] = [
      { put: 'manifest', value: manifest({ version: 'new' }) },
      { put: 'gtype', value: gtype({ description: 'new' }) },
      { delete: 'hookManifest', key: { handlerId: 'users.create' } },
    ];
    await assertRejects(() => full.commit(changes, expecting(null)), 'STORAGE_CONFLICT');
    await assertRejects(() => full.commit([{ clear: true }], expecting(99)), 'STORAGE_CONFLICT');
    assert.deepEqual(withoutFigures(await full.stats()), before);
    const { revision, oldestRevision: _, ...counts } = before;
    assert.deepEqual({ ...full.getStats() }, counts);
    for (const probe of recordProbes) {
      assertSame(await probe.read(full, probe.make()), probe.make(), probe.kind);
    }
    assert.equal(await full.getManifest('users.create', 'new'), undefined);
    assert.equal(await full.commit([putGraph('next')]), revision + 1);
  },
  'an entry that was read is a valid expectation': async ({ full }) => {
    for (const probe of recordProbes) {
      await probe.store(full, probe.make());
      const entry = await full.get(recordKeyOf(probe, probe.make()));
      assert.ok(entry);
      const put = putOf(probe, probe.make({ hash: 'changed' }));
      await full.commit([put], { expect: [entry] });
      await assertRejects(() => full.commit([put], { expect: [entry] }), 'STORAGE_CONFLICT');
    }
  },
  'all expectations must hold, also those about records that are not changed': async ({ full }) => {
    await storeOneOfEach(full);
    const expectations = recordProbes.map((probe, i) => expectationOf(probe, probe.make(), i + 1));
    for (const [i, expectation] of expectations.entries()) {
      const expect = expectations.with(i, { ...expectation, revision: 99 });
      await assertRejects(() => full.commit([putGraph('x')], { expect }), 'STORAGE_CONFLICT');
    }
    await full.commit([putGraph('all held')], { expect: expectations });
    assert.equal(await currentGraph(full), 'all held');
  },
  'expectations are about the store before the batch': async ({ full }) => {
    await full.commit(
      [putGraph('1'), { delete: 'versionGraph', key: graphKey.key }, putGraph('2')],
      expecting(null),
    );
    assert.equal(await currentGraph(full), '2');
    await assertRejects(
      () => full.commit([{ delete: 'versionGraph', key: graphKey.key }, putGraph('3')], expecting(null)),
      'STORAGE_CONFLICT',
    );
    await assertRejects(() => full.commit([{ clear: true }], expecting(null)), 'STORAGE_CONFLICT');
  },
  'expectations are checked without changes, too': async ({ full }) => {
    assert.equal(await full.commit([], expecting(null)), 0);
    await full.commit([putGraph('1')]);
    assert.equal(await full.commit([], expecting(1)), 1);
    await assertRejects(() => full.commit([], expecting(null)), 'STORAGE_CONFLICT');
    assert.equal((await full.stats()).revision, 1);
  },
  'a deleted record is absent, and one stored again is another revision': async ({ full }) => {
    const first = await full.commit([putGraph('1')]);
    await full.commit([{ delete: 'versionGraph', key: graphKey.key }]);
    const error = await assertRejects(
      () => full.commit([putGraph('x')], expecting(first)),
      'STORAGE_CONFLICT',
    );
    assert.equal(error.details?.actual, null);
    await full.commit([putGraph('1')], expecting(null));
    await assertRejects(() => full.commit([putGraph('x')], expecting(first)), 'STORAGE_CONFLICT');
    await full.clear();
    await full.commit([putGraph('2')], expecting(null));
  },
  'writing an equal record is a write': async ({ full }) => {
    const first = await full.commit([putGraph('same')]);
    await full.storeVersionGraph(versionGraph({ currentVersion: 'same' }));
    await assertRejects(() => full.commit([putGraph('x')], expecting(first)), 'STORAGE_CONFLICT');
  },
  'an invalid expectation is refused': async ({ full }) => {
    await full.storeVersionGraph(versionGraph());
    const bad: readonly (readonly [unknown, string])[] = [
      [{ ...graphKey, revision: -1 }, 'expect[0].revision'],
      [{ ...graphKey, revision: 1.5 }, 'expect[0].revision'],
      [{ ...graphKey, revision: '1' }, 'expect[0].revision'],
      [{ ...graphKey, revision: Number.NaN }, 'expect[0].revision'],
      [graphKey, 'expect[0].revision'],
      [{ kind: 'nothing', key: {}, revision: null }, 'expect[0].kind'],
      [{ kind: 'gtype', key: { ref: '' }, revision: null }, 'expect[0].key.ref'],
      [{ kind: 'gtype', revision: null }, 'expect[0].key'],
      [null, 'expect[0]'],
    ];
    for (const [expectation, path] of bad) {
      const code = path.includes('.key') ? 'INVALID_RECORD' : 'INVALID_OPTIONS';
      const options = { expect: [illTyped(expectation)] };
      await assertRejects(() => full.commit([putGraph('x')], options), code, path);
    }
    await assertRejects(
      () => full.commit([putGraph('x')], { expect: illTyped({}) }),
      'INVALID_OPTIONS',
      'expect',
    );
    assert.equal(await currentGraph(full), '1.0.0');
  },
});
