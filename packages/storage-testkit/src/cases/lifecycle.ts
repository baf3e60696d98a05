import assert from 'node:assert/strict';
import { assertStorageError } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { recordProbes } from '../record-probe.js';
import { manifest } from '../records.js';
import { cases } from './cases.js';
import { everyCall } from './every-call.js';
import { numbers } from './helpers.js';

export const lifecycleCases: readonly ConformanceCase[] = cases('lifecycle', ['lifecycle'], {
  'open() can be called any number of times, also at once, also after other calls': async ({ full }) => {
    await Promise.all(numbers(5).map(() => full.open()));
    await full.open();
    await full.storeManifest(manifest());
    await full.open();
    assertSame(await full.getManifest('users.create'), manifest());
  },
  'the first use opens the storage, whatever it is': async ({ withFresh }) => {
    const names = Object.keys(await withFresh(async ({ full }) => everyCall(full)));
    for (const name of names.filter((candidate) => !candidate.includes('watch'))) {
      await withFresh(async ({ full }) => {
        await everyCall(full)[name]?.();
        await full.storeManifest(manifest());
        assertSame(await full.getManifest('users.create'), manifest(), `after ${name}`);
      });
    }
  },
  'many calls at once may be the first use': async ({ full }) => {
    const calls = Object.entries(everyCall(full)).filter(
      ([name]) => !name.includes('watch') && name !== 'clear',
    );
    await Promise.all(calls.map(([, call]) => call()));
    for (const probe of recordProbes) {
      assertSame(await probe.read(full, probe.make()), probe.make(), probe.kind);
    }
  },
  'before it is open, getStats says so, or counts right': async ({ full }) => {
    try {
      for (const count of Object.values(full.getStats())) assert.equal(count, 0);
    } catch (error) {
      assertStorageError(error, 'STORAGE_NOT_OPEN');
    }
    await full.open();
    for (const count of Object.values(full.getStats())) assert.equal(count, 0);
  },
  'a storage that answers is healthy': async ({ full }) => {
    const health = await full.health();
    assert.equal(health.status, 'ok');
    assert.equal(health.error, undefined);
    assert.ok(health.latency >= 0 && Number.isFinite(health.latency), `latency is ${health.latency}`);
    await full.storeManifest(manifest());
    assert.equal((await full.health()).revision, 1);
  },
});
