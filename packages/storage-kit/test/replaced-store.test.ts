import { RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import {
  type DriverListener,
  type RecordDriver,
  RecordStorage,
  type StoreState,
} from '@gati-framework/storage-kit';
import { expect, test } from 'vitest';

/** A store that holds as many types as its revision says. */
function stateAt(revision: number): StoreState {
  const counts = Object.fromEntries(RECORD_KIND_NAMES.map((kind) => [kind, 0])) as StoreState['counts'];
  return { revision, counts: { ...counts, gtype: revision } };
}

test('an answer of before the store was restored does not stay in getStats() after it', async () => {
  let listener: DriverListener | undefined;
  let answer = (_: StoreState): void => {};
  const unused = (): never => {
    throw new Error('unused');
  };
  const driver: RecordDriver = {
    name: 'restored',
    capabilities: {
      commit: true,
      entries: true,
      watch: true,
      lifecycle: true,
      persistent: true,
      multiProcess: true,
    },
    open: (given) => {
      listener = given;
      return stateAt(4);
    },
    close: () => {},
    isCacheFresh: () => true,
    read: unused,
    commit: unused,
    scan: unused,
    history: unused,
    state: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  };
  const storage = new RecordStorage(driver);
  await storage.open();
  const stats = storage.stats();
  await new Promise((resolve) => setImmediate(resolve));
  listener?.replaced(stateAt(1));
  answer(stateAt(5));
  expect((await stats).revision).toBe(5);
  expect(storage.getStats().gtypeCount).toBe(1);
  listener?.changed(stateAt(2), 'all');
  expect(storage.getStats().gtypeCount).toBe(2);
  await storage.close();
});
