import assert from 'node:assert/strict';
import type { Change, Revision, Storage } from '@gati-framework/manifest-store';
import { assertRejects } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { probes, putOf, recordProbes, removalOf } from '../record-probe.js';
import { manifest, transformer } from '../records.js';
import { fieldOf, illTyped } from '../untyped.js';
import { cases } from './cases.js';
import { later, numbers, oneOfEach, putType } from './helpers.js';
import { allEntries, fieldsOf } from './iterating.js';
import { take } from './watching.js';

async function* streamOf(changes: Iterable<Change>): AsyncGenerator<Change> {
  for (const change of changes) {
    await Promise.resolve();
    yield change;
  }
}

/** A stream that yields so many changes and then throws. */
async function* failing(count: number, error: Error): AsyncGenerator<Change> {
  for (const n of numbers(count)) yield putType(`${n}`);
  throw error;
}

/** What every way of reading finds: lists first, then a record of each kind. */
async function allLookups(full: Storage): Promise<readonly unknown[]> {
  const { handlerId, fromVersion, toVersion } = transformer();
  return [
    await full.getAllManifestVersions(manifest().handlerId),
    await full.getManifest(manifest().handlerId),
    await full.listHookManifests(),
    await full.getTransformersForVersions(handlerId, fromVersion, toVersion),
    ...(await Promise.all(recordProbes.map((probe) => probe.read(full, probe.make())))),
  ];
}

function fieldsOfRecords(records: unknown, name: string): unknown[] {
  return [records].flat().map((record) => fieldOf(Object(record), name));
}

export const streamCases: readonly ConformanceCase[] = [
  ...cases('streams', ['commit', 'entries'], {
    'changes from an iterator are one commit': async ({ full }) => {
      await full.commit([putType('old')]);
      const changes = [
        { clear: true } as const,
        ...oneOfEach(),
        ...numbers(3_000).map((n) => putType(`${n}`)),
      ];
      assert.equal(await full.commit(streamOf(changes)), 2);
      const entries = await allEntries(full);
      assert.equal(entries.length, 3_000 + recordProbes.length);
      assertSame([...new Set(entries.map(({ revision }) => revision))], [2]);
      const { revision, gtypeCount } = await full.stats();
      assertSame([revision, gtypeCount, full.getStats().gtypeCount], [2, 3_001, 3_001]);
      assert.equal(await full.getGType('old'), undefined);
    },
    'records are read back as they were given, and in the order in which they came': async ({ full }) => {
      const refs = numbers(2_500).map((n) => `${(n * 7) % 2_500}`);
      await full.commit(streamOf(refs.map((ref, n) => putType(ref, { n, when: new Date(n) }))));
      const entries = await allEntries(full, { kinds: ['gtype'] });
      assertSame(fieldsOf(entries, 'ref'), refs);
      assertSame(
        fieldsOf(entries, 'when'),
        refs.map((_, n) => new Date(n)),
      );
    },
    'nothing is seen of it until all of it is': async ({ full }) => {
      await full.commit(oneOfEach({ n: 0 }));
      let proceed = (): void => {};
      const halfway = new Promise<void>((resolve) => {
        proceed = resolve;
      });
      let reached = (): void => {};
      const isHalf = new Promise<void>((resolve) => {
        reached = resolve;
      });
      async function* slow(): AsyncGenerator<Change> {
        yield* numbers(2_500).map((n) => putType(`${n}`));
        yield { clear: true };
        reached();
        await halfway;
        yield* oneOfEach({ n: 1 });
      }
      const committed = later(full.commit(slow()));
      await isHalf;
      assertSame([...new Set(fieldsOf(await allEntries(full), 'n'))], [0]);
      assert.equal(full.getStats().manifestCount, 1);
      proceed();
      assert.equal(await committed, 2);
      const entries = await allEntries(full);
      assertSame([entries.length, [...new Set(fieldsOf(entries, 'n'))]], [recordProbes.length, [1]]);
    },
    'an iterator that fails ends it with its own error, and nothing is stored': async ({ full }) => {
      await full.commit([putType('before')]);
      for (const count of [0, 1, 999, 2_500]) {
        const error = new Error('the source went away');
        const reason = await full.commit(failing(count, error)).then(
          () => 'was committed',
          (thrown: unknown) => thrown,
        );
        assert.equal(reason, error, `after ${count} changes`);
      }
      assertSame(
        (await allEntries(full)).map(({ revision }) => revision),
        [1],
      );
      assert.equal(await full.commit([putType('after')]), 2);
      assert.equal(full.getStats().gtypeCount, 2);
    },
    'a change that is refused ends it, names its place, and closes the iterator': async ({ full }) => {
      let isClosed = false;
      async function* changes(): AsyncGenerator<Change> {
        try {
          yield* numbers(1_500).map((n) => putType(`${n}`));
          yield putType('');
          yield putType('never');
        } finally {
          isClosed = true;
        }
      }
      await assertRejects(() => full.commit(changes()), 'INVALID_RECORD', 'changes[1500].value.ref');
      assert.ok(isClosed, 'the iterator was not closed');
      assertSame(await allEntries(full), []);
      await assertRejects(() => full.commit(streamOf([illTyped({ put: 'nothing' })])), 'INVALID_OPTIONS');
      assert.equal((await full.stats()).revision, 0);
    },
    'an iterator without changes is a commit without changes': async ({ full }) => {
      await full.commit([putType('A')]);
      assert.equal(await full.commit(streamOf([])), 1);
      const expect = [{ kind: 'gtype', key: { ref: 'A' }, revision: null }] as const;
      await assertRejects(() => full.commit(streamOf([]), { expect }), 'STORAGE_CONFLICT');
    },
    'expectations are checked, and nothing is stored when they do not hold': async ({ full }) => {
      await full.commit([putType('A')]);
      const expecting = (revision: number | null): object => ({
        expect: [{ kind: 'gtype', key: { ref: 'A' }, revision }],
      });
      await assertRejects(() => full.commit(streamOf([putType('B')]), expecting(null)), 'STORAGE_CONFLICT');
      assert.equal(await full.getGType('B'), undefined);
      assert.equal(await full.commit(streamOf([putType('B')]), expecting(1)), 2);
    },
    'lookups find what it put and deleted, though they were asked before': async ({ full }) => {
      await full.commit([...oneOfEach({ n: 0 }), putOf(probes.manifest, manifest({ version: '0.9.0' }))]);
      await allLookups(full);
      const changes = [
        ...oneOfEach({ n: 1 }),
        putOf(probes.manifest, manifest({ version: '2.0.0' })),
        putOf(probes.hookManifest, probes.hookManifest.make({ handlerId: 'other' })),
        putOf(probes.transformer, transformer({ id: 'other' })),
        removalOf(probes.manifest, manifest({ version: '0.9.0' })),
      ];
      await full.commit(streamOf(changes));
      const [listed, latest, hooks, between, ...ones] = await allLookups(full);
      assertSame(fieldsOfRecords(listed, 'version'), [manifest().version, '2.0.0']);
      assert.equal(fieldOf(Object(latest), 'version'), '2.0.0');
      assert.equal([hooks].flat().length, 2, 'hook manifests');
      assertSame(fieldsOfRecords(between, 'id'), [transformer().id, 'other']);
      assertSame(
        ones.map((one) => fieldOf(Object(one), 'n')),
        recordProbes.map(() => 1),
      );
    },
    'what it expects holds when it is made, whoever commits while it is taken': async ({ full }) => {
      await full.commit([putType('A', { n: 0 })]);
      let others: Promise<Revision> | undefined;
      async function* changes(): AsyncGenerator<Change> {
        yield putType('A', { n: 1 });
        others = later(full.commit([putType('A', { n: 2 })]));
        // Long enough for a storage that lets others commit meanwhile; one that does not must not be waited for.
        for (const _ of numbers(20)) await new Promise((resolve) => setImmediate(resolve));
        yield putType('B');
      }
      const expect = [{ kind: 'gtype', key: { ref: 'A' }, revision: 1 }] as const;
      const made = await full.commit(changes(), { expect }).catch(() => undefined);
      const othersMade = await others;
      assert.ok(othersMade !== undefined);
      assert.ok(made === undefined || made < othersMade, 'what others committed meanwhile was written over');
      assert.equal(fieldOf(Object(await full.getGType('A')), 'n'), 2);
      assert.equal((await full.getGType('B')) !== undefined, made !== undefined);
    },
    'it keeps its place among the commits of its storage': async ({ full }) => {
      const made = [
        full.commit([putType('A', { n: 1 })]),
        full.commit(streamOf([putType('A', { n: 2 }), putType('B')])),
        full.commit([{ delete: 'gtype', key: { ref: 'B' } }]),
      ];
      const revisions = await Promise.all(made);
      assert.equal(new Set(revisions).size, 3);
      assert.equal((await full.stats()).revision, 3);
    },
  }),
  ...cases('streams', ['commit', 'watch'], {
    'it is told to watchers as one commit': async ({ full }) => {
      const watch = full.watch({ after: 0 });
      await full.commit(streamOf(numbers(1_200).map((n) => putType(`${n}`))));
      await full.commit([putType('next')]);
      const events = await take(watch, 2);
      assertSame(
        events.map(({ changes }) => changes.length),
        [1_200, 1],
      );
    },
  }),
  ...cases('streams', ['commit', 'entries', 'persistent'], {
    'it is there when the store is opened again': async ({ full, reopen }) => {
      await full.commit(streamOf([{ clear: true }, ...numbers(1_500).map((n) => putType(`${n}`))]));
      const again = await reopen();
      assert.equal((await allEntries(again)).length, 1_500);
      assert.equal((await again.stats()).gtypeCount, 1_500);
      assert.equal(await again.commit([putType('next')]), 2);
    },
  }),
  ...cases('streams', ['commit', 'entries', 'history'], {
    'it has a note, expects a revision, and what was before it can be read': async ({ full }) => {
      await full.commit(oneOfEach());
      const changes = [{ clear: true } as const, ...numbers(1_200).map((n) => putType(`${n}`))];
      await assertRejects(() => full.commit(streamOf(changes), { expectRevision: 0 }), 'STORAGE_CONFLICT');
      await full.commit(streamOf(changes), { expectRevision: 1, note: 'everything new' });
      assert.equal((await allEntries(full, { at: 1 })).length, recordProbes.length);
      for await (const { note } of full.log({ after: 1 })) assert.equal(note, 'everything new');
    },
  }),
];
