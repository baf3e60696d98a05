import assert from 'node:assert/strict';
import type { Entry, Revision, Storage } from '@gati-framework/manifest-store';
import { assertDeepFrozen } from '../assertions/frozen.js';
import { assertRejects } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { putOf, recordKeyOf, recordProbes, removalOf, storeOneOfEach } from '../record-probe.js';
import { manifest } from '../records.js';
import { fieldOf, illTyped } from '../untyped.js';
import { cases } from './cases.js';
import { during, numbers, oneByOne, oneOfEach, putType } from './helpers.js';
import { allEntries, fieldsOf, leave, namesOf, nextEntry, remaining } from './iterating.js';

const user = { kind: 'gtype', key: { ref: 'User' } } as const;

/** Entries as they can be compared. */
function told(entries: readonly Entry[]): unknown[] {
  return entries.map(({ kind, key, value, revision }) => ({ kind, key: { ...key }, value, revision }));
}

/** Does these, and keeps what was there after each of them. */
async function moments(
  full: Storage,
  acts: readonly (() => Promise<unknown>)[],
): Promise<Map<Revision, unknown[]>> {
  const seen = new Map([[0, told(await allEntries(full))]]);
  for (const act of acts) {
    await act();
    seen.set((await full.stats()).revision, told(await allEntries(full)));
  }
  return seen;
}

async function assertMoments(full: Storage, seen: ReadonlyMap<Revision, unknown[]>): Promise<void> {
  for (const [at, entries] of seen)
    assertSame(told(await allEntries(full, { at })), entries, `at revision ${at}`);
}

/** Every way in which records come and go. */
function comingAndGoing(full: Storage): (() => Promise<unknown>)[] {
  const [first, ...others] = recordProbes.map((probe) => removalOf(probe, probe.make()));
  return [
    () => storeOneOfEach(full),
    () => full.commit(oneOfEach({ n: 1 })),
    () => full.commit([putType('A'), putType('B'), putType('C')]),
    () => full.commit([{ delete: 'gtype', key: { ref: 'B' } }]),
    () => full.commit([putType('B', { description: 'again' }), putType('A', { description: 'changed' })]),
    () => full.commit(first === undefined ? [] : [first]),
    () => full.commit([...others, putType('D'), { delete: 'gtype', key: { ref: 'D' } }]),
    () => full.commit(oneOfEach({ n: 2 })),
    () => full.clear(),
    () => full.commit([putType('C')]),
    () => full.commit([putType('A'), { clear: true }, putType('B'), putType('A')]),
    () => full.clear(),
    () => full.clear(),
    () => full.commit(oneOfEach({ n: 3 })),
  ];
}

export const pastCases: readonly ConformanceCase[] = [
  ...cases('past', ['history', 'commit', 'entries'], {
    'entries({ at }) shows the store as it was after each commit: values, revisions and order': async ({
      full,
    }) => {
      const seen = await moments(full, comingAndGoing(full));
      await assertMoments(full, seen);
    },
    'get({ at }) shows each record as it was after each commit': async ({ full }) => {
      const seen = await moments(full, comingAndGoing(full));
      for (const [at, entries] of seen) {
        for (const probe of recordProbes) {
          const key = recordKeyOf(probe, probe.make());
          const found = await full.get(key, { at });
          const wanted = entries.find((one) => isEntryOf(Object(one), key));
          assertSame(found && told([found])[0], wanted, `${probe.kind} at revision ${at}`);
        }
      }
    },
    'filters select in the past as they do in the present': async ({ full }) => {
      const put = (handlerId: string, n: number): Promise<unknown> =>
        full.commit(
          recordProbes.map((probe) =>
            putOf(probe, probe.make({ handlerId, id: handlerId, ref: handlerId, n })),
          ),
        );
      await put('a', 1);
      await put('b', 1);
      const filters = [
        { handlerId: 'a' },
        { kinds: ['gtype', 'transformer'] },
        { kinds: ['manifest'], handlerId: 'b' },
      ] as const;
      const before = await Promise.all(filters.map(async (filter) => told(await allEntries(full, filter))));
      await put('a', 2);
      await full.clear();
      for (const [i, filter] of filters.entries()) {
        assertSame(told(await allEntries(full, { ...filter, at: 2 })), before[i], JSON.stringify(filter));
      }
    },
    'a record that was replaced keeps its place in the past, and one that was deleted had its own': async ({
      full,
    }) => {
      await full.commit(['A', 'B', 'C'].map((ref) => putType(ref)));
      await full.commit([putType('A', { description: 'new' })]);
      await full.commit([{ delete: 'gtype', key: { ref: 'A' } }]);
      await full.commit([putType('A')]);
      const orderAt = async (at: Revision): Promise<string[]> => namesOf(await allEntries(full, { at }));
      assertSame(await orderAt(1), ['gtype A', 'gtype B', 'gtype C']);
      assertSame(await orderAt(2), ['gtype A', 'gtype B', 'gtype C']);
      assertSame(await orderAt(3), ['gtype B', 'gtype C']);
      assertSame(await orderAt(4), ['gtype B', 'gtype C', 'gtype A']);
    },
    'the present revision is the present, and revision 0 is the empty store': async ({ full }) => {
      assertSame(await allEntries(full, { at: 0 }), []);
      await storeOneOfEach(full);
      const { revision } = await full.stats();
      assertSame(told(await allEntries(full, { at: revision })), told(await allEntries(full)));
      assertSame(await allEntries(full, { at: 0 }), []);
      assert.equal(await full.get(user, { at: 0 }), undefined);
    },
    'a revision that was never made is STORAGE_COMPACTED, and the error says which are there': async ({
      full,
    }) => {
      await full.commit([putType('User')]);
      for (const at of [2, 1_000_000]) {
        for (const read of [() => full.get(user, { at }), () => allEntries(full, { at })]) {
          const error = await assertRejects<'STORAGE_COMPACTED'>(read, 'STORAGE_COMPACTED');
          assert.equal(error.details?.current, 1, 'details.current');
          assert.equal(error.details?.oldest, 0, 'details.oldest');
        }
      }
      await full.commit([putType('User')]);
      assert.ok(await full.get(user, { at: 2 }), 'once it is made it can be read');
    },
    'what is no revision is INVALID_OPTIONS': async ({ full }) => {
      await full.commit([putType('User')]);
      for (const at of [-1, 0.5, Number.NaN, '1', null, {}, 2 ** 53]) {
        await assertRejects(() => full.get(user, { at: illTyped(at) }), 'INVALID_OPTIONS');
        await assertRejects(() => allEntries(full, { at: illTyped(at) }), 'INVALID_OPTIONS');
      }
      await assertRejects(() => full.get(user, illTyped({ when: 1 })), 'INVALID_OPTIONS');
    },
    'what is read of the past is frozen, and is no record that anybody else holds': async ({ full }) => {
      const when = { moment: new Date(1), list: [1] };
      await full.commit([putType('User', { when })]);
      await full.commit([putType('User')]);
      const [first, second] = [await full.get(user, { at: 1 }), await full.get(user, { at: 1 })];
      assert.ok(first !== undefined && second !== undefined);
      assertDeepFrozen(await full.get(user, { at: 2 }));
      const momentOf = (entry: Entry): Date => Reflect.get(Reflect.get(entry.value, 'when'), 'moment');
      momentOf(first).setTime(2);
      assert.equal(momentOf(second).getTime(), 1, 'a Date that another reader changed');
    },
    'writes during an iteration of the past change nothing of it': async ({ full }) => {
      await full.commit(numbers(300).map((n) => putType(`${n}`, { description: 'old' })));
      await full.commit(numbers(300).map((n) => putType(`${n}`, { description: 'new' })));
      const iterator = full.entries({ at: 1 });
      const first = await nextEntry(iterator);
      assert.ok(first);
      await full.clear();
      await full.commit([putType('7', { description: 'newest' })]);
      const rest = await remaining(iterator);
      assert.equal(rest.length, 299);
      assertSame([...new Set(fieldsOf([first, ...rest], 'description'))], ['old']);
    },
    'reading the past changes nothing of what is read of the present': async ({ full }) => {
      await full.commit(oneOfEach({ n: 'old' }));
      await full.commit(oneOfEach({ n: 'new' }));
      await full.commit([{ delete: 'gtype', key: user.key }]);
      for (const at of [2, 1, 0]) {
        for (const probe of recordProbes) await full.get(recordKeyOf(probe, probe.make()), { at });
        await allEntries(full, { at });
        for (const probe of recordProbes) {
          const record = await probe.read(full, probe.make());
          assert.equal(fieldOf(Object(record), 'n'), probe.kind === 'gtype' ? undefined : 'new', probe.kind);
        }
      }
      assert.equal(fieldOf(Object(await full.getManifest(manifest().handlerId)), 'n'), 'new');
    },
    'an iteration of the past that is left early leaves nothing behind': async ({ full }) => {
      await full.commit(numbers(50).map((n) => putType(`${n}`)));
      await full.clear();
      for (const _ of numbers(20)) {
        const iterator = full.entries({ at: 1 });
        await nextEntry(iterator);
        await leave(iterator);
      }
      assert.equal((await allEntries(full, { at: 1 })).length, 50);
    },
    'the past stays as it was while batches are committed': async ({ full }) => {
      await full.commit(oneOfEach({ n: 0 }));
      const wanted = told(await allEntries(full));
      const writing = oneByOne(20, (n) => full.commit(n % 7 === 0 ? [{ clear: true }] : oneOfEach({ n })));
      await during(writing, async () => {
        assertSame(told(await allEntries(full, { at: 1 })), wanted);
      });
    },
  }),
  ...cases('past', ['history', 'commit', 'entries', 'persistent'], {
    'a store that is opened again has the same past': async ({ full, reopen }) => {
      const seen = await moments(full, comingAndGoing(full));
      const again = await reopen();
      await assertMoments(again, seen);
      assert.equal((await again.stats()).oldestRevision, 0);
    },
  }),
  ...cases('past', ['history', 'commit', 'entries', 'multiProcess'], {
    'storages over one store tell the same past, whoever made it': async ({ full, another }) => {
      const other = await another();
      const acts = comingAndGoing(full);
      const seen = await moments(full, acts.slice(0, 7));
      for (const [at, entries] of await moments(other, comingAndGoing(other).slice(7))) {
        if (at > 0) seen.set(at, entries);
      }
      await assertMoments(full, seen);
      await assertMoments(other, seen);
    },
  }),
];

/** Whether an entry is of this record. */
function isEntryOf(
  entry: { kind?: unknown; key?: unknown },
  { kind, key }: { kind: string; key: object },
): boolean {
  return entry.kind === kind && JSON.stringify(entry.key) === JSON.stringify(key);
}
