import assert from 'node:assert/strict';
import type { Change } from '@gati-framework/manifest-store';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { gtype, hookManifest, manifest, transformer } from '../records.js';
import { cases } from './cases.js';
import { numbers, storeManifests } from './helpers.js';
import { allEntries, assertWholeBatches, fieldsOf, namesOf, nextEntry, remaining } from './iterating.js';

export const entryConsistencyCases: readonly ConformanceCase[] = [
  ...cases('entries', ['entries'], {
    'what is written during an iteration is not seen by it': async ({ full }) => {
      await storeManifests(full, ['1', '2', '3'], { createdAt: 1 });
      await full.storeGType(gtype());
      await full.storeTransformer(transformer());
      const iterator = full.entries();
      const first = await nextEntry(iterator);
      await full.storeManifest(manifest({ version: '2', createdAt: 1, hash: 'replaced' }));
      await full.storeManifest(manifest({ version: '4', createdAt: 1 }));
      await full.storeHookManifest(hookManifest());
      const second = await nextEntry(iterator);
      assert.ok(first && second);
      await full.clear();
      await full.storeGType(gtype({ ref: 'After' }));
      const seen = [first, second, ...(await remaining(iterator))];
      assertSame(namesOf(seen).sort(), [
        ...['gtype User', 'manifest users.create 1', 'manifest users.create 2', 'manifest users.create 3'],
        'transformer users.create/1-2',
      ]);
      assert.ok(!fieldsOf(seen, 'hash').includes('replaced'));
      assertSame(namesOf(await allEntries(full)), ['gtype After']);
    },
  }),
  ...cases('entries', ['entries', 'commit'], {
    'entries are of one moment also when there are many': async ({ full }) => {
      const generation = (hash: string): Change[] =>
        numbers(700).map((n) => ({
          put: 'transformer',
          value: transformer({ id: `t${(n * 13) % 701}`, hash, details: 'x'.repeat(200) }),
        }));
      await full.commit(generation('old'));
      const iterator = full.entries({ kinds: ['transformer'] });
      const first = await nextEntry(iterator);
      assert.ok(first);
      await full.commit(generation('new'));
      const seen = [first, ...(await remaining(iterator))];
      assertSame(
        fieldsOf(seen, 'id'),
        numbers(700).map((n) => `t${(n * 13) % 701}`),
      );
      assert.deepEqual([...new Set(fieldsOf(seen, 'hash'))], ['old']);
      assert.deepEqual([...new Set(fieldsOf(await allEntries(full), 'hash'))], ['new']);
    },
    'while batches are committed, entries show each batch whole or not at all': async ({ full }) => {
      await assertWholeBatches(full, full);
    },
  }),
];
