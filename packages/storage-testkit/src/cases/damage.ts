import assert from 'node:assert/strict';
import { assertRejects } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { type RecordProbe, recordKeyOf, recordProbes, storeOneOfEach } from '../record-probe.js';
import { manifest } from '../records.js';
import { cases, type Runs } from './cases.js';
import { allEntries } from './iterating.js';

const noticesDamage = (probe: RecordProbe): Runs => ({
  [`${probe.kind}: a record that was changed on the disk is STORAGE_CORRUPT, and the others are there`]:
    async ({ storage, damage }) => {
      await storeOneOfEach(storage);
      const record = probe.make();
      const reopened = await damage(recordKeyOf(probe, record));
      for (const _ of ['at first', 'again']) {
        await assertRejects(() => probe.read(reopened, record), 'STORAGE_CORRUPT');
      }
      for (const other of recordProbes.filter((one) => one !== probe)) {
        assertSame(await other.read(reopened, other.make()), other.make(), other.kind);
      }
      await probe.store(reopened, probe.make({ mended: true }));
      assertSame(await probe.read(reopened, record), probe.make({ mended: true }), 'stored again');
    },
});

export const damageCases: readonly ConformanceCase[] = [
  ...cases('damage', ['persistent', 'damage'], ...recordProbes.map(noticesDamage)),
  ...cases('damage', ['persistent', 'commit', 'entries', 'damage'], {
    'lists, entries and get do not hand out what was changed on the disk': async ({ full, damage }) => {
      for (const version of ['1', '2', '3']) await full.storeManifest(manifest({ version, createdAt: 1 }));
      const key = { handlerId: 'users.create', version: '2' };
      const reopened = await damage({ kind: 'manifest', key });
      await assertRejects(() => reopened.getAllManifestVersions('users.create'), 'STORAGE_CORRUPT');
      await assertRejects(() => reopened.get({ kind: 'manifest', key }), 'STORAGE_CORRUPT');
      await assertRejects(() => allEntries(reopened), 'STORAGE_CORRUPT');
      assert.equal((await reopened.getManifest('users.create', '3'))?.version, '3', 'one that is whole');
    },
  }),
];
