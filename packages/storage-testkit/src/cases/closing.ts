import assert from 'node:assert/strict';
import type { Storage } from '@gati-framework/manifest-store';
import { within } from '../assertions/deadline.js';
import { assertRejects, assertStorageError } from '../assertions/rejects.js';
import { assertSame } from '../assertions/same.js';
import type { ConformanceCase } from '../conformance-case.js';
import { callRead, readMethods } from '../read-methods.js';
import { type RecordProbe, recordProbes, storeOneOfEach } from '../record-probe.js';
import { manifest } from '../records.js';
import { fieldOf } from '../untyped.js';
import { cases } from './cases.js';
import { everyCall } from './every-call.js';
import { later, numbers } from './helpers.js';

const close = (storage: Storage): Promise<void> => within(storage.close(), 'close()');

async function assertClosed(storage: Storage): Promise<void> {
  for (const [name, call] of Object.entries(everyCall(storage))) {
    await assertRejects(call, 'STORAGE_CLOSED').catch((error: unknown) => {
      assert.fail(`${name} after close(): ${fieldOf(error, 'message')}`);
    });
  }
  try {
    storage.getStats();
  } catch (error) {
    assertStorageError(error, 'STORAGE_CLOSED');
    return;
  }
  assert.fail('getStats answered after close()');
}

export const closingCases: readonly ConformanceCase[] = [
  ...cases('lifecycle', ['lifecycle'], {
    'close() can be called any number of times, also at once': async ({ full }) => {
      await storeOneOfEach(full);
      await Promise.all(numbers(5).map(() => close(full)));
      await close(full);
    },
    'after close() every call rejects with STORAGE_CLOSED': async ({ full }) => {
      await storeOneOfEach(full);
      for (const method of readMethods) await callRead(full, method, method.example);
      await close(full);
      await assertClosed(full);
      await close(full);
      await assertClosed(full);
    },
    'a storage that was never used can be closed, and is closed then': async ({ full }) => {
      await close(full);
      await assertClosed(full);
    },
    'from the moment close() is called, calls are refused': async ({ full }) => {
      await storeOneOfEach(full);
      const closed = later(close(full));
      await assertRejects(() => full.storeManifest(manifest()), 'STORAGE_CLOSED');
      await assertRejects(() => full.getManifest('users.create'), 'STORAGE_CLOSED');
      await assertRejects(() => full.open(), 'STORAGE_CLOSED');
      await closed;
    },
    'close() waits for the writes that were accepted before it': async ({ full }) => {
      await full.open();
      let settled = 0;
      const store = async (n: number): Promise<void> => {
        await full.storeManifest(manifest({ version: `${n}` }));
        settled += 1;
      };
      const writes = later(Promise.all(numbers(20).map(store)));
      await close(full);
      assert.equal(settled, 20, 'writes that had resolved when close() did');
      await writes;
    },
    'close() waits for writes that were accepted before the storage was open': async ({ full }) => {
      let settled = 0;
      const store = async (probe: RecordProbe): Promise<void> => {
        await probe.store(full, probe.make());
        settled += 1;
      };
      const writes = later(Promise.all(recordProbes.map(store)));
      await close(full);
      assert.equal(settled, recordProbes.length, 'writes that had resolved when close() did');
      await writes;
    },
    'calls that are under way when the storage is closed come to a clear end': async ({ withFresh }) => {
      for (const opened of [true, false]) {
        await withFresh(async ({ full }) => {
          if (opened) await full.open();
          const calls = Object.values(everyCall(full)).map((call) => call());
          const outcomes = Promise.allSettled(calls);
          await close(full);
          for (const outcome of await within(outcomes, 'calls under way')) {
            if (outcome.status === 'rejected') assertStorageError(outcome.reason, 'STORAGE_CLOSED');
          }
        });
      }
    },
    'open() and close() at once leave a closed storage': async ({ full }) => {
      const opened = later(
        full.open().catch((error: unknown) => assertStorageError(error, 'STORAGE_CLOSED')),
      );
      await close(full);
      await opened;
      await assertClosed(full);
    },
    'Symbol.asyncDispose closes': async ({ full }) => {
      await full.storeManifest(manifest());
      await within(Promise.resolve(full[Symbol.asyncDispose]()), 'asyncDispose');
      await assertClosed(full);
      await full[Symbol.asyncDispose]();
    },
    'closing one storage leaves another alone': async ({ full, withFresh }) => {
      await full.storeManifest(manifest());
      await withFresh(async ({ full: other }) => {
        assert.equal(await other.getManifest('users.create'), undefined, 'a fresh storage is not empty');
        await other.storeManifest(manifest({ hash: 'other' }));
        await close(other);
      });
      assertSame(await full.getManifest('users.create'), manifest());
    },
  }),
  ...cases('lifecycle', ['lifecycle', 'entries'], {
    'an iteration that is under way when the storage is closed ends with STORAGE_CLOSED or its last entry':
      async ({ full }) => {
        for (const n of numbers(5)) await full.storeManifest(manifest({ version: `${n}` }));
        const iterator = full.entries();
        await iterator.next();
        await close(full);
        try {
          for (const _ of numbers(5)) await within(iterator.next(), 'next() after close()');
        } catch (error) {
          assert.equal(fieldOf(error, 'code'), 'STORAGE_CLOSED');
        }
      },
  }),
];
