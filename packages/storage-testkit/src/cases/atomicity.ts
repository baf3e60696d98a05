import assert from 'node:assert/strict';
import type { Change, StorageErrorCode } from '@gati-framework/manifest-store';
import { assertRejects } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { gtype, manifest, transformer, versionGraph } from '../records.js';
import { illTyped } from '../untyped.js';
import { cases } from './cases.js';
import { during, oneByOne, versionsOf } from './helpers.js';

/** A change that is none, or of no kind, and the path that an error should give. */
const noChanges: readonly BadChange[] = [
  [null, 'changes[1]'],
  [undefined, 'changes[1]'],
  ['put', 'changes[1]'],
  [{}, 'changes[1]'],
  [{ clear: false }, 'changes[1]'],
  [{ put: 'nothing', value: manifest() }, 'changes[1].put'],
  [{ put: '__proto__', value: manifest() }, 'changes[1].put'],
  [{ put: 'toString', value: manifest() }, 'changes[1].put'],
  [{ put: ['manifest'], value: manifest() }, 'changes[1].put'],
  [{ delete: 'nothing', key: {} }, 'changes[1].delete'],
  [{ clear: true, delete: 'gtype', key: { ref: 'a' } }, 'changes[1]'],
];

/** A change whose record or key cannot be stored. */
const badChanges: readonly BadChange[] = [
  [{ put: 'manifest' }, 'changes[1].value'],
  [{ put: 'manifest', value: null }, 'changes[1].value'],
  [{ put: 'manifest', value: manifest({ handlerId: '' }) }, 'changes[1].value.handlerId'],
  [{ put: 'manifest', value: manifest({ createdAt: Number.NaN }) }, 'changes[1].value.createdAt'],
  [
    { put: 'manifest', value: manifest({ policies: illTyped({ check: () => 1 }) }) },
    'changes[1].value.policies.check',
  ],
  [{ put: 'transformer', value: transformer({ toVersion: 'a\0' }) }, 'changes[1].value.toVersion'],
  [{ delete: 'manifest' }, 'changes[1].key'],
  [{ delete: 'manifest', key: 'users.create' }, 'changes[1].key'],
  [{ delete: 'manifest', key: { handlerId: 'users.create' } }, 'changes[1].key.version'],
  [{ delete: 'manifest', key: { handlerId: 1, version: '1' } }, 'changes[1].key.handlerId'],
  [{ delete: 'gtype', key: { ref: 'x'.repeat(513) } }, 'changes[1].key.ref'],
];

type BadChange = readonly [change: unknown, path: string];

export const atomicityCases: readonly ConformanceCase[] = cases('atomicity', ['commit'], {
  'a batch with one invalid change stores nothing, and the error names the change': async ({ full }) => {
    await full.storeManifest(manifest());
    const refuses = async (code: StorageErrorCode, [bad, path]: BadChange): Promise<void> => {
      const changes: Change[] = [
        { put: 'manifest', value: manifest({ version: 'new' }) },
        illTyped(bad),
        { put: 'gtype', value: gtype() },
      ];
      await assertRejects(() => full.commit(changes), code, path);
      await assertRejects(() => full.commit([{ clear: true }, illTyped(bad)]), code, path);
    };
    for (const bad of noChanges) await refuses('INVALID_OPTIONS', bad);
    for (const bad of badChanges) await refuses('INVALID_RECORD', bad);
    assertSame(await versionsOf(full), ['1.0.0']);
    assert.equal(await full.getGType('User'), undefined);
    assert.equal((await full.stats()).revision, 1);
  },
  'what is no list of changes is refused': async ({ full }) => {
    for (const changes of [undefined, null, {}, 'changes', 1, new Set(), { clear: true }]) {
      await assertRejects(() => full.commit(illTyped(changes)), 'INVALID_OPTIONS', 'changes');
    }
    assert.equal((await full.stats()).revision, 0);
  },
  'while batches are committed, readers never see the first half of one before the second': async ({
    full,
  }) => {
    const batch = (n: number): Change[] => [
      { put: 'manifest', value: manifest({ createdAt: n }) },
      { put: 'versionGraph', value: versionGraph({ currentVersion: `${n}` }) },
    ];
    await full.commit(batch(0));
    const graphKey = { kind: 'versionGraph', key: { handlerId: 'users.create' } } as const;
    const manifestKey = { kind: 'manifest', key: { handlerId: 'users.create', version: '1.0.0' } } as const;
    const writing = oneByOne(30, (n) => full.commit(batch(n)));
    await during(writing, async () => {
      const first = Number((await full.getManifest('users.create'))?.createdAt);
      const second = Number((await full.getVersionGraph('users.create'))?.currentVersion);
      assert.ok(second >= first, `saw ${first} in the first record, and then still ${second} in the second`);
      const secondEntry = await full.get(graphKey);
      const firstEntry = await full.get(manifestKey);
      assert.ok(Number(firstEntry?.value.createdAt) >= Number(secondEntry?.value.currentVersion));
    });
  },
});
