import assert from 'node:assert/strict';
import type { Change } from '@gati-framework/manifest-store';
import { assertRejects } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { type AnyRecord, putOf, type RecordProbe, recordProbes } from '../record-probe.js';
import { gtype, manifest } from '../records.js';
import { cases, type Runs } from './cases.js';
import { numbers, oneByOne } from './helpers.js';

const MOST = 2_000;

/** A record whose JSON text has exactly this many bytes. */
function sized(probe: RecordProbe, bytes: number): AnyRecord {
  const room = bytes - JSON.stringify(probe.make({ pad: '' })).length;
  return probe.make({ pad: 'x'.repeat(room) });
}

const readsRightWithRoomFor = (cacheSize: number): Runs => ({
  [`with room for ${cacheSize} characters in the cache every read is right`]: ({ withFresh }) =>
    withFresh(
      async ({ storage }) => {
        const read = async (round: number): Promise<void> => {
          for (const n of numbers(12)) {
            assertSame(await storage.getGType(`t${n}`), gtype({ ref: `t${n}`, round }), `type ${n}`);
          }
          const versions = numbers(12).map((n) => manifest({ version: `${n}`, createdAt: n, round }));
          assertSame(await storage.getAllManifestVersions('users.create'), versions, 'the versions');
          assertSame(await storage.getManifest('users.create'), versions.at(-1), 'the latest');
        };
        for (const round of numbers(3)) {
          await oneByOne(12, (n) => storage.storeGType(gtype({ ref: `t${n}`, round })));
          await oneByOne(12, (n) =>
            storage.storeManifest(manifest({ version: `${n}`, createdAt: n, round })),
          );
          await read(round);
          await read(round); // of what the cache kept, if anything
        }
        await storage.clear();
        assert.equal(await storage.getGType('t1'), undefined, 'after clear');
        assertSame(await storage.getAllManifestVersions('users.create'), [], 'after clear');
      },
      { cacheSize },
    ),
});

export const limitCases: readonly ConformanceCase[] = [
  ...cases('limits', ['cacheSize'], ...[1, 3_000].map(readsRightWithRoomFor)),
  ...cases('limits', ['maxRecordBytes'], {
    'a record as large as maxRecordBytes is stored, and a larger one refused': ({ withFresh }) =>
      withFresh(
        async ({ storage }) => {
          for (const probe of recordProbes) {
            const largest = sized(probe, MOST);
            await probe.store(storage, largest);
            const larger = sized(probe, MOST + 1);
            await assertRejects(() => probe.store(storage, larger), 'INVALID_RECORD', probe.kind);
            assertSame(await probe.read(storage, largest), largest, probe.kind);
          }
        },
        { maxRecordBytes: MOST },
      ),
  }),
  ...cases('limits', ['commit', 'maxRecordBytes'], {
    'commit() heeds maxRecordBytes for each of its records, and stores nothing when one is too large': ({
      withFresh,
    }) =>
      withFresh(
        async ({ full }) => {
          const put = (probe: RecordProbe, bytes: number): Change => putOf(probe, sized(probe, bytes));
          const fitting = recordProbes.map((probe) => put(probe, MOST));
          for (const [i, probe] of recordProbes.entries()) {
            const changes = fitting.with(i, put(probe, MOST + 1));
            await assertRejects(() => full.commit(changes), 'INVALID_RECORD', `changes[${i}].value`);
          }
          assert.equal((await full.stats()).revision, 0);
          assert.equal(await full.commit(fitting), 1, 'together they are larger than one may be');
          for (const probe of recordProbes) {
            const record = sized(probe, MOST);
            assertSame(await probe.read(full, record), record, probe.kind);
          }
        },
        { maxRecordBytes: MOST },
      ),
  }),
];
