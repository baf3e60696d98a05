import assert from 'node:assert/strict';
import { within } from '../assertions/deadline.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { manifest } from '../records.js';
import { cases } from './cases.js';
import { everyCall } from './every-call.js';

/** Waits for a call that must fail with a `StorageError`, whatever its code. */
async function assertFails(call: () => Promise<unknown>, what: string): Promise<void> {
  const outcome = await within(
    call().then(
      () => 'resolved',
      (error: { name?: string; code?: string }) => `${error.name} ${error.code}`,
    ),
    `${what} on a place that cannot be opened`,
  );
  assert.match(outcome, /^StorageError [A-Z]+_[A-Z_]+$/, `${what} on a place that cannot be opened`);
}

export const openingCases: readonly ConformanceCase[] = cases('opening', ['lifecycle', 'block'], {
  'a failed opening is not remembered: the next call opens the storage': async ({ full, block }) => {
    const unblock = await block();
    await assertFails(() => full.open(), 'open()');
    await assertFails(() => full.storeManifest(manifest()), 'a write');
    await assertFails(() => full.getManifest('users.create'), 'a read');
    const health = await within(full.health(), 'health()');
    assert.equal(health.status, 'failed');
    assert.equal(health.error?.name, 'StorageError', 'the error of health()');
    await unblock();
    assert.equal(await full.getManifest('users.create'), undefined, 'what was refused is stored');
    await full.storeManifest(manifest());
    assertSame(await full.getManifest('users.create'), manifest());
    assert.equal((await full.health()).status, 'ok');
    assert.equal(full.getStats().manifestCount, 1);
  },
  'whichever call met a failed opening, the same call succeeds later': async ({ withFresh }) => {
    const names = Object.keys(await withFresh(async ({ full }) => everyCall(full)));
    const waiting = names.filter((name) => !name.includes('watch') && name !== 'health');
    const failThenSucceed = (name: string): Promise<void> =>
      withFresh(async ({ full, block }) => {
        const unblock = await block();
        await assertFails(async () => everyCall(full)[name]?.(), name);
        await unblock();
        await everyCall(full)[name]?.();
      });
    await Promise.all(waiting.map(failThenSucceed));
  },
  'a storage that could not be opened can be closed, also while it tries': async ({
    full,
    block,
    withFresh,
  }) => {
    await block();
    await assertFails(() => full.open(), 'open()');
    await within(full.close(), 'close() after a failed opening');
    await withFresh(async ({ full: trying, block: blockToo }) => {
      await blockToo();
      const written = assertFails(() => trying.storeManifest(manifest()), 'a write');
      await within(trying.close(), 'close() during a failing opening');
      await written;
    });
  },
});
