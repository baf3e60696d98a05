import assert from 'node:assert/strict';
import { assertRejects } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { illTyped } from '../untyped.js';
import { cases } from './cases.js';
import { numbers, putType } from './helpers.js';

export const expectedRevisionCases: readonly ConformanceCase[] = [
  ...cases('expected revision', ['history', 'commit'], {
    'a commit that expects the present revision is made, and any other is STORAGE_CONFLICT': async ({
      full,
    }) => {
      assert.equal(await full.commit([putType('A')], { expectRevision: 0 }), 1);
      await full.storeGType({ ref: 'B', kind: 'object' });
      for (const expectRevision of [0, 1, 3, 99]) {
        const error = await assertRejects<'STORAGE_CONFLICT'>(
          () => full.commit([putType('C')], { expectRevision }),
          'STORAGE_CONFLICT',
        );
        assertSame({ ...error.details }, { expected: expectRevision, actual: 2 });
      }
      assert.equal(await full.getGType('C'), undefined);
      assert.equal(await full.commit([putType('C')], { expectRevision: 2 }), 3);
    },
    'a commit without changes only checks it': async ({ full }) => {
      await full.commit([putType('A')]);
      assert.equal(await full.commit([], { expectRevision: 1 }), 1);
      await assertRejects(() => full.commit([], { expectRevision: 0 }), 'STORAGE_CONFLICT');
      assert.equal((await full.stats()).revision, 1);
    },
    'it is checked together with expect': async ({ full }) => {
      await full.commit([putType('A')]);
      const expect = [{ kind: 'gtype', key: { ref: 'A' }, revision: 1 }] as const;
      const missed = [{ kind: 'gtype', key: { ref: 'A' }, revision: null }] as const;
      await assertRejects(
        () => full.commit([putType('B')], { expectRevision: 1, expect: missed }),
        'STORAGE_CONFLICT',
      );
      await assertRejects(
        () => full.commit([putType('B')], { expectRevision: 0, expect }),
        'STORAGE_CONFLICT',
      );
      assert.equal(await full.commit([putType('B')], { expectRevision: 1, expect }), 2);
    },
    'of commits at once that expect the same revision, one is made': async ({ full }) => {
      await full.commit([putType('A')]);
      const made = await Promise.allSettled(
        numbers(20).map((n) => full.commit([putType(`${n}`)], { expectRevision: 1 })),
      );
      assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 1);
      assert.equal((await full.stats()).revision, 2);
    },
    'of a chain of commits at once, of which each expects the one before it, a beginning is made': async ({
      full,
    }) => {
      // In whatever order they come: several processes may be behind one storage.
      const made = await Promise.allSettled(
        numbers(20).map((n) => full.commit([putType(`${n}`)], { expectRevision: n - 1 })),
      );
      const revisions = made.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
      assertSame(revisions, numbers(revisions.length), 'the revisions of those that were made');
      assertSame(
        made.slice(0, revisions.length).map(({ status }) => status),
        revisions.map(() => 'fulfilled'),
      );
      assert.ok(revisions.length > 0, 'none was made');
      assert.equal((await full.stats()).revision, revisions.length);
    },
    'what is no revision is INVALID_OPTIONS': async ({ full }) => {
      for (const expectRevision of [-1, 0.5, '1', null]) {
        await assertRejects(
          () => full.commit([putType('A')], { expectRevision: illTyped(expectRevision) }),
          'INVALID_OPTIONS',
          'options.expectRevision',
        );
      }
    },
  }),
  ...cases('expected revision', ['history', 'commit', 'multiProcess'], {
    'of commits of several storages that expect the same revision, one is made': async ({
      full,
      another,
    }) => {
      const storages = [full, await another(), await another()];
      for (const revision of numbers(10)) {
        const made = await Promise.allSettled(
          storages.map((storage, i) => storage.commit([putType(`${i}`)], { expectRevision: revision - 1 })),
        );
        assert.equal(
          made.filter(({ status }) => status === 'fulfilled').length,
          1,
          `at revision ${revision}`,
        );
      }
    },
  }),
];
