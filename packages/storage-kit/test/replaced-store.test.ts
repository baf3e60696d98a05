import { RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import { type DriverListener, RecordStorage, type StoreState } from '@gati-framework/storage-kit';
import { expect, test } from 'vitest';
import { driverWith } from './support/driver.js';

/** A store that holds as many types as its revision says. */
function stateAt(revision: number): StoreState {
  const counts = Object.fromEntries(RECORD_KIND_NAMES.map((kind) => [kind, 0])) as StoreState['counts'];
  return { revision, counts: { ...counts, gtype: revision } };
}

test('an answer of before the store was restored does not stay in getStats() after it', async () => {
  let listener: DriverListener | undefined;
  let answer = (_: StoreState): void => {};
  const driver = driverWith({
    open: (given) => {
      listener = given;
      return stateAt(4);
    },
    state: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  });
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
