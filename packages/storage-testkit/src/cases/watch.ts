import assert from 'node:assert/strict';
import type { Change, StorageEvent } from '@gati-framework/manifest-store';
import { assertDeepFrozen } from '../assertions/frozen.js';
import { assertRejects } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { keyOf, recordProbes, storeOneOfEach } from '../record-probe.js';
import { gtype, manifest } from '../records.js';
import { changeBuiltIns, mutableBuiltIns } from '../samples/built-ins.js';
import { fieldOf, illTyped } from '../untyped.js';
import { cases } from './cases.js';
import { later, numbers, oneByOne, putType } from './helpers.js';
import { revisions, summary, take } from './watching.js';

export const watchCases: readonly ConformanceCase[] = cases('watch', ['watch', 'commit'], {
  'after 0 replays every commit there ever was': async ({ full }) => {
    await full.storeGType(gtype({ ref: 'A' }));
    await full.commit([
      putType('B'),
      { delete: 'gtype', key: { ref: 'A' } },
      { delete: 'manifest', key: manifest() },
    ]);
    await full.clear();
    await full.storeManifest(manifest());
    assertSame(summary(await take(full.watch({ after: 0 }), 4)), {
      1: ['put gtype A'],
      2: ['put gtype B', 'delete gtype A', 'delete manifest users.create 1.0.0'],
      3: ['clear'],
      4: ['put manifest users.create 1.0.0'],
    });
  },
  'after a revision replays what came later, and no more': async ({ full }) => {
    for (const n of numbers(5)) await full.commit([putType(`${n}`)]);
    for (const after of [0, 1, 3, 4]) {
      const events = await take(full.watch({ after }), 5 - after);
      assertSame(revisions(events), numbers(5).slice(after));
    }
    const watch = full.watch({ after: 5 });
    await full.commit([putType('6')]);
    assertSame(revisions(await take(watch, 1)), [6]);
  },
  'without after, every commit made after the call is delivered, and none before': async ({ full }) => {
    await full.commit([putType('before')]);
    const watch = full.watch();
    await full.commit([putType('a')]);
    await full.commit([putType('b')]);
    assertSame(summary(await take(watch, 2)), { 2: ['put gtype a'], 3: ['put gtype b'] });
  },
  'a watch on a storage that was not used yet misses nothing': async ({ full }) => {
    const watch = full.watch();
    const replay = full.watch({ after: 0 });
    await Promise.all(numbers(3).map((n) => full.commit([putType(`${n}`)])));
    assertSame(revisions(await take(watch, 3)), [1, 2, 3]);
    assertSame(revisions(await take(replay, 3)), [1, 2, 3]);
  },
  'an event that is waited for comes when the commit is made': async ({ full }) => {
    await full.open();
    const watch = full.watch();
    for (const n of numbers(5)) {
      const awaited = later(take(watch, 1));
      await full.commit([putType(`${n}`)]);
      assertSame(summary(await awaited), { [n]: [`put gtype ${n}`] });
    }
  },
  'replay and following join without a gap or a repetition': async ({ full }) => {
    const writing = later(oneByOne(60, (n) => full.commit([putType(`${n}`)])));
    const watches: Promise<StorageEvent[]>[] = [];
    // Start at different points of the writing.
    await oneByOne(4, (n) => {
      watches.push(later(take(full.watch({ after: 0 }), 60)));
      return full.commit([putType(`start ${n}`)]);
    });
    await writing;
    for (const events of await Promise.all(watches)) assertSame(revisions(events), numbers(60));
    assertSame(revisions(await take(full.watch({ after: 10 }), 54)), numbers(64).slice(10));
  },
  'commits made at once are delivered in the order of their revisions': async ({ full }) => {
    await full.open();
    const watch = full.watch();
    const committed = await Promise.all(numbers(40).map((n) => full.commit([putType(`${n}`)])));
    const events = await take(watch, 40);
    assertSame(revisions(events), numbers(40));
    for (const [i, revision] of committed.entries()) {
      const told = summary(events)[revision];
      assertSame(told, [`put gtype ${i + 1}`], `the event of revision ${revision}`);
    }
  },
  'an event carries key and value of each change, and when it was committed': async ({ full }) => {
    const before = Date.now() - 60_000; // another process may have committed, by a clock that differs a little
    for (const probe of recordProbes) await probe.store(full, probe.make({ extra: [1, null, {}] }));
    const events = await take(full.watch({ after: 0 }), recordProbes.length);
    for (const [i, probe] of recordProbes.entries()) {
      const record = probe.make({ extra: [1, null, {}] });
      assert.deepEqual(events[i]?.changes, [{ put: probe.kind, key: keyOf(probe, record), value: record }]);
      const time = events[i]?.committedAt ?? Number.NaN;
      assert.ok(time > before && time < Date.now() + 60_000, `committedAt is ${time}`);
    }
  },
  'a batch is one event, with its changes in their order, also when they undo each other': async ({
    full,
  }) => {
    const remove: Change = { delete: 'gtype', key: { ref: 'A' } };
    await full.commit([putType('A'), remove, putType('A'), putType('B'), { clear: true }, putType('A')]);
    assertSame(summary(await take(full.watch({ after: 0 }), 1)), {
      1: ['put gtype A', 'delete gtype A', 'put gtype A', 'put gtype B', 'clear', 'put gtype A'],
    });
  },
  'clearing a full store is one change': async ({ full }) => {
    await storeOneOfEach(full);
    await full.clear();
    await full.clear();
    const events = await take(full.watch({ after: recordProbes.length }), 2);
    assertSame(
      events.map(({ changes }) => changes),
      [[{ clear: true }], [{ clear: true }]],
    );
  },
  'what is refused, conflicts or changes nothing is no event': async ({ full }) => {
    await full.open();
    const watch = full.watch();
    await full.commit([putType('A'), putType('')]).catch(() => {});
    const expect = [{ kind: 'gtype', key: { ref: 'A' }, revision: 7 }] as const;
    await full.commit([putType('A')], { expect }).catch(() => {});
    await full.commit([]);
    await full.storeManifest(illTyped(null)).catch(() => {});
    await full.commit([putType('kept')]);
    assertSame(summary(await take(watch, 1)), { 1: ['put gtype kept'] });
  },
  'a long history is replayed whole and in order': async ({ full }) => {
    const many = numbers(600).map((n) => putType(`${n}`));
    await Promise.all(many.map((change) => full.commit([change])));
    await full.commit(many);
    const events = await take(full.watch({ after: 0 }), 601);
    assertSame(revisions(events), numbers(601));
    assert.equal(events.at(-1)?.changes.length, 600);
    assertSame(revisions(await take(full.watch({ after: 255 }), 3)), [256, 257, 258]);
    assertSame(revisions(await take(full.watch({ after: 511 }), 3)), [512, 513, 514]);
  },
  'events are frozen, and Dates, Maps and typed arrays in them are copies': async ({ full }) => {
    await full.storeGType(gtype({ extra: mutableBuiltIns() }));
    for (const _ of numbers(2)) {
      const [event] = await take(full.watch({ after: 0 }), 1);
      assertDeepFrozen(event, 'the event');
      const [change] = event?.changes ?? [];
      const extra = fieldOf(fieldOf(change, 'value'), 'extra');
      assertSame(extra, mutableBuiltIns());
      changeBuiltIns(extra);
    }
    const read = await full.getGType('User');
    assertSame(fieldOf(read, 'extra'), mutableBuiltIns(), 'the record after an event was changed');
  },
  'a revision that the store has not reached is STORAGE_COMPACTED': async ({ full }) => {
    await full.storeGType(gtype());
    for (const after of [2, 1_000, Number.MAX_SAFE_INTEGER]) {
      const watch = full.watch({ after });
      await assertRejects(() => watch.next(), 'STORAGE_COMPACTED');
      assert.equal((await watch.next()).done, true, 'after the error');
    }
  },
  'what is no revision is refused': async ({ full }) => {
    for (const after of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1', null, true, 1n, {}]) {
      await assertRejects(() => full.watch({ after: illTyped(after) }).next(), 'INVALID_OPTIONS', 'after');
    }
  },
});
