import assert from 'node:assert/strict';
import { assertStorageError } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { recordProbes } from '../record-probe.js';
import { manifest } from '../records.js';
import { everyCall } from './every-call.js';
import { numbers } from './helpers.js';

const group = 'lifecycle';
const requires = ['lifecycle'] as const;

export const lifecycleCases: readonly ConformanceCase[] = [
  {
    group,
    requires,
    name: 'open() can be called any number of times, also at once, also after other calls',
    async run({ full }) {
      await Promise.all(numbers(5).map(() => full.open()));
      await full.open();
      await full.storeManifest(manifest());
      await full.open();
      assertSame(await full.getManifest('users.create'), manifest());
    },
  },
  {
    group,
    requires,
    name: 'the first use opens the storage, whatever it is',
    async run({ withFresh }) {
      const names = Object.keys(await withFresh(async ({ full }) => everyCall(full)));
      for (const name of names.filter((candidate) => !candidate.includes('watch'))) {
        await withFresh(async ({ full }) => {
          await everyCall(full)[name]?.();
          await full.storeManifest(manifest());
          assertSame(await full.getManifest('users.create'), manifest(), `after ${name}`);
        });
      }
    },
  },
  {
    group,
    requires,
    name: 'many calls at once may be the first use',
    async run({ full }) {
      const calls = Object.entries(everyCall(full)).filter(
        ([name]) => !name.includes('watch') && name !== 'clear',
      );
      await Promise.all(calls.map(([, call]) => call()));
      for (const probe of recordProbes) {
        assertSame(await probe.read(full, probe.make()), probe.make(), probe.kind);
      }
    },
  },
  {
    group,
    requires,
    name: 'before it is open, getStats says so, or counts right',
    async run({ full }) {
      try {
        for (const count of Object.values(full.getStats())) assert.equal(count, 0);
      } catch (error) {
        assertStorageError(error, 'STORAGE_NOT_OPEN');
      }
      await full.open();
      for (const count of Object.values(full.getStats())) assert.equal(count, 0);
    },
  },
  {
    group,
    requires,
    name: 'a storage that answers is healthy',
    async run({ full }) {
      const health = await full.health();
      assert.equal(health.status, 'ok');
      assert.equal(health.error, undefined);
      assert.ok(health.latency >= 0 && Number.isFinite(health.latency), `latency is ${health.latency}`);
      await full.storeManifest(manifest());
      assert.equal((await full.health()).revision, 1);
    },
  },
];
