import assert from 'node:assert/strict';
import type { EntryFilter } from '@gati-framework/manifest-store';
import { assertDeepFrozen } from '../assertions/frozen.js';
import { assertRejects } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { recordProbes, storeOneOfEach } from '../record-probe.js';
import { gtype, manifest } from '../records.js';
import { changeBuiltIns, mutableBuiltIns } from '../samples/built-ins.js';
import { fieldOf, illTyped } from '../untyped.js';
import { cases } from './cases.js';
import { numbers } from './helpers.js';
import { allEntries, leave, namesOf, nextEntry } from './iterating.js';

export const entryCases: readonly ConformanceCase[] = cases('entries', ['entries'], {
  'an empty store has no entries': async ({ full }) => {
    assertSame(await allEntries(full), []);
    await storeOneOfEach(full);
    await full.clear();
    assertSame(await allEntries(full), []);
  },
  'every record is an entry: kind by kind, within a kind in first-stored order': async ({ full }) => {
    for (const name of ['c', 'a', 'b']) {
      for (const probe of recordProbes) {
        await probe.store(
          full,
          probe.make({ handlerId: name, ref: name, id: name, createdAt: name === 'c' ? 9 : 1 }),
        );
      }
    }
    for (const probe of recordProbes) {
      await probe.store(
        full,
        probe.make({ handlerId: 'c', ref: 'c', id: 'c', hash: 'replaced', createdAt: 10 }),
      );
    }
    const found = await allEntries(full);
    const kinds = [...new Set(found.map(({ kind }) => kind))];
    assert.equal(kinds.length, 6);
    const expected = kinds.flatMap((kind) => {
      const probe = recordProbes.find((candidate) => candidate.kind === kind);
      return ['c', 'a', 'b'].map((name) =>
        [kind, name, ...(probe?.keyFields[1] === undefined ? [] : ['1.0.0'])].join(' '),
      );
    });
    assertSame(namesOf(found), expected);
    for (const entry of found) assert.deepEqual(await full.get(entry), entry);
  },
  'entries can be asked for by kind and by handler, GTypes belonging to none': async ({ full }) => {
    for (const name of ['a', 'b']) {
      for (const probe of recordProbes) {
        await probe.store(full, probe.make({ handlerId: name, ref: name, id: `t-${name}` }));
      }
    }
    const sortedNames = async (filter: EntryFilter): Promise<string[]> =>
      namesOf(await allEntries(full, filter)).sort();
    assertSame(await sortedNames({ handlerId: 'a' }), [
      'hookManifest a',
      'manifest a 1.0.0',
      'timescapeMetadata a 1.0.0',
      'transformer t-a',
      'versionGraph a',
    ]);
    assertSame(await sortedNames({ kinds: ['gtype'] }), ['gtype a', 'gtype b']);
    assertSame(await sortedNames({ kinds: ['gtype', 'versionGraph', 'gtype'] }), [
      ...['gtype a', 'gtype b', 'versionGraph a', 'versionGraph b'],
    ]);
    assertSame(await sortedNames({ kinds: ['gtype', 'transformer'], handlerId: 'b' }), ['transformer t-b']);
    assertSame(await sortedNames({ kinds: [] }), []);
    assertSame(await sortedNames({ handlerId: 'A' }), []);
    assert.equal((await allEntries(full, {})).length, 12);
  },
  'a filter that makes no sense is refused': async ({ full }) => {
    const bad: readonly (readonly [unknown, string])[] = [
      [null, 'filter'],
      ['manifest', 'filter'],
      [{ kind: 'manifest' }, 'filter.kind'],
      [{ kinds: 'manifest' }, 'filter.kinds'],
      [{ kinds: ['nothing'] }, 'filter.kinds'],
      [{ kinds: ['__proto__'] }, 'filter.kinds'],
      [{ kinds: [undefined] }, 'filter.kinds'],
    ];
    for (const [filter, path] of bad) {
      await assertRejects(() => full.entries(illTyped(filter)).next(), 'INVALID_OPTIONS', path);
    }
    const bySomething = { handlerId: '' };
    await assertRejects(() => full.entries(bySomething).next(), 'INVALID_RECORD', 'filter.handlerId');
  },
  'iterations are independent, can be left early, and go over the storage any number of times': async ({
    full,
  }) => {
    await storeOneOfEach(full);
    const first = full.entries();
    const second = full.entries();
    const left = await nextEntry(first);
    for (const _ of numbers(6)) assert.ok(await nextEntry(second));
    assert.equal(await nextEntry(second), undefined);
    assert.equal(await nextEntry(second), undefined, 'after its end');
    assert.ok(left);
    await leave(first);
    assert.equal(await nextEntry(first), undefined, 'after return()');
    for await (const _ of full.entries()) break;
    await full.storeManifest(manifest({ version: '2.0.0' }));
    assert.equal((await allEntries(full)).length, 7);
  },
  'entries are frozen, and Dates, Maps and typed arrays in them are copies': async ({ full }) => {
    await full.storeGType(gtype({ extra: mutableBuiltIns() }));
    for (const _ of numbers(2)) {
      const [entry] = await allEntries(full);
      assertDeepFrozen(entry, 'the entry');
      const extra = fieldOf(entry?.value, 'extra');
      assertSame(extra, mutableBuiltIns());
      changeBuiltIns(extra);
    }
    const read = await full.getGType('User');
    assertSame(fieldOf(read, 'extra'), mutableBuiltIns(), 'the record after an entry was changed');
  },
});
