import assert from 'node:assert/strict';
import type { Change } from '@gati-framework/manifest-store';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { gtype, hookManifest, manifest, transformer } from '../records.js';
import { oddValues } from '../samples/odd-values.js';
import { fieldOf } from '../untyped.js';
import { cases } from './cases.js';
import { numbers, versionsOf } from './helpers.js';
import { allEntries, namesOf } from './iterating.js';
import { take } from './watching.js';

/** More than ten, in no order of their own: places that are compared as texts are told from numbers. */
const NAMES = numbers(25).map((n) => `n${(n * 7) % 29}`);

const putAll = (name: string): Change[] => [
  { put: 'manifest', value: manifest({ version: name, createdAt: 1 }) },
  { put: 'hookManifest', value: hookManifest({ handlerId: name }) },
  { put: 'transformer', value: transformer({ id: name }) },
];

export const persistentOrderCases: readonly ConformanceCase[] = [
  ...cases('persistence', ['persistent'], {
    'the order of many records is the same after reopening': async ({ storage, reopen }) => {
      for (const name of NAMES) {
        await storage.storeManifest(manifest({ version: name, createdAt: 1 }));
        await storage.storeHookManifest(hookManifest({ handlerId: name }));
        await storage.storeTransformer(transformer({ id: name }));
      }
      const reopened = await reopen();
      assertSame(await versionsOf(reopened), NAMES, 'the versions');
      assert.equal((await reopened.getManifest('users.create'))?.version, NAMES.at(-1), 'the latest');
      assertSame(
        (await reopened.listHookManifests()).map(({ handlerId }) => handlerId),
        NAMES,
        'the hook manifests',
      );
      assertSame(
        (await reopened.getTransformersForVersions('users.create', '1.0.0', '2.0.0')).map(({ id }) => id),
        NAMES,
        'the transformers',
      );
    },
  }),
  ...cases('persistence', ['persistent', 'commit', 'entries'], {
    'places that were given up and taken anew are the same after reopening': async ({ full, reopen }) => {
      await full.commit(NAMES.flatMap(putAll));
      for (const name of NAMES.slice(3, 9)) {
        const key = { handlerId: 'users.create', version: name };
        await full.commit([{ delete: 'manifest', key }, ...putAll(name)]);
      }
      const before = namesOf(await allEntries(full));
      const reopened = await reopen();
      assertSame(namesOf(await allEntries(reopened)), before, 'the entries');
      const moved = [...NAMES.slice(0, 3), ...NAMES.slice(9), ...NAMES.slice(3, 9)];
      assertSame(await versionsOf(reopened), moved, 'the versions');
    },
  }),
  ...cases('persistence', ['persistent', 'commit', 'entries', 'watch'], {
    'values of every sort come back after reopening, whichever way they are read': async ({
      full,
      reopen,
    }) => {
      const ref = (i: number): string => `odd ${i}`;
      for (const [i, { make }] of oddValues.entries()) {
        await full.storeGType(gtype({ ref: ref(i), extra: make() }));
      }
      const reopened = await reopen();
      const entries = await allEntries(reopened);
      const events = await take(reopened.watch({ after: 0 }), oddValues.length);
      for (const [i, { name, make, expected = make }] of oddValues.entries()) {
        const record = gtype({ ref: ref(i), extra: expected() });
        const entry = await reopened.get({ kind: 'gtype', key: { ref: ref(i) } });
        assertSame(entry?.value, record, `the entry with ${name}`);
        assertSame(entries[i]?.value, record, `among all entries, the one with ${name}`);
        const [change] = events[i]?.changes ?? [];
        assertSame(fieldOf(change, 'value'), record, `the event with ${name}`);
      }
    },
  }),
  ...cases('persistence', ['persistent', 'commit', 'watch', 'lifecycle'], {
    'health() and events tell after reopening what they told before': async ({ full, reopen }) => {
      for (const n of numbers(3)) await full.storeGType(gtype({ ref: `${n}` }));
      const before = await take(full.watch({ after: 0 }), 3);
      const reopened = await reopen();
      assert.equal((await reopened.health()).revision, 3);
      const after = await take(reopened.watch({ after: 0 }), 3);
      for (const [i, { revision, committedAt }] of before.entries()) {
        assert.equal(after[i]?.revision, revision);
        assert.equal(after[i]?.committedAt, committedAt, `committedAt of revision ${revision}`);
      }
    },
  }),
];
