import type { GType } from '@gati-framework/manifest-store';
import { RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import {
  type DriverListener,
  digestOf,
  RecordStorage,
  type StoredRecord,
  type StoreState,
} from '@gati-framework/storage-kit';
import { expect, test } from 'vitest';
import { driverWith } from './support/driver.js';

const key = ['k'] as const;

function stateAt(revision: number): StoreState {
  return { revision, counts: Object.fromEntries(RECORD_KIND_NAMES.map((kind) => [kind, 1])) as never };
}

function stored(description: string): StoredRecord {
  const text = JSON.stringify({ ref: 'k', kind: 'object', description });
  return { kind: 'gtype', key, revision: 2, encoding: 'json', text, digest: digestOf(text) };
}

/** A database over a network: what others commit is heard on another path than what became of our commit. */
function networkDriver(during: {
  commit?: (listener: DriverListener) => void;
  read?: (listener: DriverListener) => void;
}) {
  let listener: DriverListener;
  const driver = driverWith({
    open: async (given) => {
      listener = given;
      return stateAt(0);
    },
    read: async () => {
      const found = [stored('read')];
      during.read?.(listener);
      return found;
    },
    commit: async () => {
      during.commit?.(listener);
      return { outcomes: [{ revision: 1 }], state: stateAt(1) };
    },
    state: () => stateAt(2),
  });
  return new RecordStorage(driver);
}

const changed = (listener: DriverListener): void => listener.changed(stateAt(2), [{ kind: 'gtype', key }]);

test('a foreign commit that is heard of before our own one resolves is not overwritten in the cache', async () => {
  const storage = networkDriver({ commit: changed });
  await storage.storeGType({ ref: 'k', kind: 'object', description: 'mine' });
  expect((await storage.getGType('k'))?.description).toBe('read');
});

test('what was read before a foreign commit was heard of is not kept', async () => {
  let reads = 0;
  const storage = networkDriver({
    read: (listener) => {
      reads += 1;
      if (reads === 1) changed(listener);
    },
  });
  await storage.getGType('k');
  const second = (await storage.getGType('k')) as GType;
  expect(reads).toBe(2);
  // The second answer was not disturbed, so it serves the third call.
  expect(await storage.getGType('k')).toBe(second);
  expect(reads).toBe(2);
});
