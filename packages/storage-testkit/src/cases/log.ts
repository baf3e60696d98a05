import assert from 'node:assert/strict';
import type { LogEntry, LogOptions, Storage } from '@gati-framework/manifest-store';
import { assertDeepFrozen } from '../assertions/frozen.js';
import { assertRejects } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { recordProbes, removalOf } from '../record-probe.js';
import { fieldOf, illTyped } from '../untyped.js';
import { cases } from './cases.js';
import { numbers, oneByOne, oneOfEach, putType } from './helpers.js';
import { take } from './watching.js';

/** All that a log tells. */
export async function allLogged(storage: Storage, options?: LogOptions): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const entry of storage.log(options)) entries.push(entry);
  return entries;
}

async function loggedRevisions(storage: Storage, options?: LogOptions): Promise<number[]> {
  return (await allLogged(storage, options)).map(({ revision }) => revision);
}

const notes = [
  'a',
  'Ada deploys release 7, which mends the prices',
  'two\nlines\tand a tab',
  '\u00e4\u{1f600}',
  '<b>"quoted"</b> \\ \u2028',
  'x'.repeat(1_024),
  '\u{1f600}'.repeat(256),
];

export const logCases: readonly ConformanceCase[] = [
  ...cases('log', ['history', 'commit'], {
    'log() tells every commit, oldest first, with what it put and deleted, and no values': async ({
      full,
    }) => {
      await full.commit(oneOfEach());
      await full.commit(recordProbes.map((probe) => removalOf(probe, probe.make())));
      await full.commit([putType('A'), { clear: true }, putType('B')]);
      await full.storeGType({ ref: 'C', kind: 'object' });
      const entries = await allLogged(full);
      assertSame(
        entries.map(({ revision }) => revision),
        [1, 2, 3, 4],
      );
      assertSame(
        entries.map(({ changeCount }) => changeCount),
        [recordProbes.length, recordProbes.length, 3, 1],
      );
      const told = entries.map(({ changes }) =>
        changes.map((change) =>
          'clear' in change
            ? 'clear'
            : `${'put' in change ? 'put' : 'delete'} ${'put' in change ? change.put : change.delete} ${Object.values(change.key).join(' ')}`,
        ),
      );
      const keys = recordProbes.map(
        (probe) =>
          `${probe.kind} ${probe.keyFields.map((name) => String(fieldOf(probe.make(), name))).join(' ')}`,
      );
      assertSame(told, [
        keys.map((key) => `put ${key}`),
        keys.map((key) => `delete ${key}`),
        ['put gtype A', 'clear', 'put gtype B'],
        ['put gtype C'],
      ]);
      for (const entry of entries) {
        assertDeepFrozen(entry);
        for (const change of entry.changes) assert.ok(!('value' in change), 'a log tells no values');
      }
    },
    'a log and a watch tell the same commits, and the same times': async ({ full }) => {
      await oneByOne(5, (n) => full.commit([putType(`${n}`)], { note: `commit ${n}` }));
      const events = await take(full.watch({ after: 0 }), 5);
      const told = (entries: readonly Omit<LogEntry, 'changeCount'>[]): unknown[] =>
        entries.map(({ revision, committedAt, note }) => ({ revision, committedAt, note }));
      assertSame(told(await allLogged(full)), told(events as never));
    },
    'after, before, limit and reverse select what they say': async ({ full }) => {
      await oneByOne(12, (n) => full.commit([putType(`${n % 3}`)]));
      const all = numbers(12);
      assertSame(await loggedRevisions(full), all);
      assertSame(await loggedRevisions(full, { reverse: true }), [...all].reverse());
      assertSame(await loggedRevisions(full, { after: 9 }), [10, 11, 12]);
      assertSame(await loggedRevisions(full, { after: 12 }), []);
      assertSame(await loggedRevisions(full, { before: 3 }), [1, 2]);
      assertSame(await loggedRevisions(full, { before: 1 }), []);
      assertSame(await loggedRevisions(full, { before: 99 }), all);
      assertSame(await loggedRevisions(full, { after: 4, before: 8 }), [5, 6, 7]);
      assertSame(await loggedRevisions(full, { after: 8, before: 4 }), []);
      assertSame(await loggedRevisions(full, { limit: 3 }), [1, 2, 3]);
      assertSame(await loggedRevisions(full, { limit: 3, reverse: true }), [12, 11, 10]);
      assertSame(await loggedRevisions(full, { after: 4, limit: 2 }), [5, 6]);
      assertSame(await loggedRevisions(full, { before: 8, limit: 2, reverse: true }), [7, 6]);
      assertSame(
        await loggedRevisions(full, { after: 3, before: 9, limit: 99, reverse: true }),
        [8, 7, 6, 5, 4],
      );
    },
    'many commits are told one by one, in both directions': async ({ full }) => {
      const count = 700;
      await Promise.all(numbers(count).map((n) => full.commit([putType(`${n % 5}`)])));
      assertSame(await loggedRevisions(full), numbers(count));
      assertSame(await loggedRevisions(full, { reverse: true }), numbers(count).reverse());
    },
    'maxChanges bounds what is listed of a commit, and changeCount tells of all': async ({ full }) => {
      await full.commit(numbers(2_500).map((n) => putType(`${n}`)));
      const listed = async (options: LogOptions): Promise<[number, number]> => {
        const [entry] = await allLogged(full, options);
        return [entry?.changeCount ?? 0, entry?.changes.length ?? 0];
      };
      assertSame(await listed({}), [2_500, 1_000], 'by default');
      assertSame(await listed({ maxChanges: 3 }), [2_500, 3]);
      assertSame(await listed({ maxChanges: 5_000, reverse: true }), [2_500, 2_500]);
      const [entry] = await allLogged(full, { maxChanges: 2 });
      assertSame(
        entry?.changes.map((change) => 'key' in change && Object.values(change.key)[0]),
        ['1', '2'],
      );
    },
    'a log tells what was committed before it was asked for': async ({ full }) => {
      await oneByOne(3, (n) => full.commit([putType(`${n}`)]));
      const iterator = full.log();
      assert.equal((await iterator.next()).value?.revision, 1);
      await full.commit([putType('later')]);
      const rest: number[] = [];
      for await (const { revision } of iterator) rest.push(revision);
      assertSame(rest, [2, 3]);
    },
    'an empty store has an empty log': async ({ full }) => {
      assertSame(await allLogged(full), []);
      assertSame(await allLogged(full, { reverse: true, limit: 1 }), []);
      await full.commit([]);
      assertSame(await allLogged(full), [], 'after a commit without changes');
    },
    'commits after a revision that the store never had are STORAGE_COMPACTED': async ({ full }) => {
      await full.commit([putType('A')]);
      const error = await assertRejects<'STORAGE_COMPACTED'>(
        () => allLogged(full, { after: 2 }),
        'STORAGE_COMPACTED',
      );
      assert.equal(error.details?.current, 1);
    },
    'bad options of a log are INVALID_OPTIONS': async ({ full }) => {
      const bad = [
        { after: -1 },
        { before: 'x' },
        { limit: 0 },
        { limit: 1.5 },
        { reverse: 1 },
        { maxChanges: -1 },
        { since: 1 },
      ];
      for (const options of bad)
        await assertRejects(() => allLogged(full, illTyped(options)), 'INVALID_OPTIONS');
    },
  }),
  ...cases('notes', ['history', 'commit', 'watch'], {
    'a note is told by log and watch as it was given, and only of its commit': async ({ full }) => {
      for (const note of notes) await full.commit([putType('User')], { note });
      await full.commit([putType('User')]);
      const wanted = [...notes, undefined];
      assertSame(
        (await allLogged(full)).map((entry) => entry.note),
        wanted,
      );
      const events = await take(full.watch({ after: 0 }), wanted.length);
      assertSame(
        events.map((event) => event.note),
        wanted,
      );
      for (const entry of [...(await allLogged(full)), ...events].filter(({ note }) => note === undefined)) {
        assert.ok(!('note' in entry), 'a commit without a note has none');
      }
    },
    'commits at once keep their own notes': async ({ full }) => {
      const told = await Promise.all(
        numbers(40).map(
          async (n) =>
            [await full.commit([putType(`${n}`)], n % 3 === 0 ? {} : { note: `${n}` }), n] as const,
        ),
      );
      const byRevision = new Map((await allLogged(full)).map(({ revision, note }) => [revision, note]));
      for (const [revision, n] of told)
        assert.equal(byRevision.get(revision), n % 3 === 0 ? undefined : `${n}`);
    },
    'a note that cannot be kept is INVALID_OPTIONS, and nothing is stored': async ({ full }) => {
      for (const note of ['', 'a\0', '\ud800', 'x'.repeat(1_025), '\u00e4'.repeat(513), 7, null, {}]) {
        await assertRejects(
          () => full.commit([putType('User')], { note: illTyped(note) }),
          'INVALID_OPTIONS',
          'options.note',
        );
      }
      assert.equal((await full.stats()).revision, 0);
    },
  }),
  ...cases('notes', ['history', 'commit', 'persistent'], {
    'notes and the log are there when the store is opened again': async ({ full, reopen }) => {
      await full.commit(oneOfEach(), { note: 'first' });
      await full.commit([{ clear: true }], { note: 'second' });
      await full.commit([putType('A')]);
      const before = await allLogged(full);
      const again = await reopen();
      assertSame(await allLogged(again), before);
    },
  }),
];
