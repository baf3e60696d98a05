import assert from 'node:assert/strict';
import { assertDeepFrozen } from '../assertions/frozen.js';
import { assertRejects } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { recordKeyOf, recordProbes, storeOneOfEach } from '../record-probe.js';
import { manifest } from '../records.js';
import { illTyped } from '../untyped.js';
import { cases } from './cases.js';

export const getCases: readonly ConformanceCase[] = cases('get', ['commit'], {
  'get yields kind, key, value and revision, frozen, and undefined for what is absent': async ({ full }) => {
    for (const probe of recordProbes) {
      const recordKey = recordKeyOf(probe, probe.make());
      assert.equal(await full.get(recordKey), undefined, probe.kind);
      await probe.store(full, probe.make({ extra: [{}, []] }));
      const { revision } = await full.stats();
      const entry = await full.get(recordKey);
      assert.deepEqual(entry, { ...recordKey, value: probe.make({ extra: [{}, []] }), revision });
      assertDeepFrozen(entry, `the entry of a ${probe.kind}`);
    }
  },
  'get takes no more of a key than its fields': async ({ full }) => {
    await storeOneOfEach(full);
    const entry = await full.get({ kind: 'gtype', key: illTyped({ ref: 'User', other: 'field' }) });
    assertSame(entry?.key, { ref: 'User' });
    const whole = await full.get({ kind: 'manifest', key: manifest() });
    assert.deepEqual(whole?.key, { handlerId: 'users.create', version: '1.0.0' });
  },
  'get refuses what is no key': async ({ full }) => {
    const bad: readonly (readonly [unknown, string])[] = [
      [undefined, 'key'],
      [null, 'key'],
      ['User', 'key'],
      [{}, 'key.kind'],
      [{ kind: 'nothing', key: {} }, 'key.kind'],
      [{ kind: 'constructor', key: {} }, 'key.kind'],
      [{ kind: 'gtype' }, 'key.key'],
      [{ kind: 'gtype', key: 'User' }, 'key.key'],
      [{ kind: 'gtype', key: {} }, 'key.key.ref'],
      [{ kind: 'gtype', key: { ref: '' } }, 'key.key.ref'],
      [{ kind: 'manifest', key: { handlerId: 'a' } }, 'key.key.version'],
      [{ kind: 'manifest', key: { handlerId: 'a', version: '' } }, 'key.key.version'],
      [{ kind: 'timescapeMetadata', key: { handlerId: 'a\0', version: '1' } }, 'key.key.handlerId'],
    ];
    for (const [key, path] of bad) {
      const code = path.startsWith('key.key') ? 'INVALID_RECORD' : 'INVALID_OPTIONS';
      await assertRejects(() => full.get(illTyped(key)), code, path);
    }
  },
});
