import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { expect, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { givingWay } from '../src/giving-way.js';

const RECORDS = 100;

/** How many turns of the event loop others have while every record is looked at for a millisecond. */
async function turnsWhileRead(storage: Pick<ReturnType<typeof givingWay>, 'entries'>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const turn = (): void => {
    turns += 1;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  for await (const _ of storage.entries()) {
    const until = performance.now() + 1;
    while (performance.now() < until);
  }
  isDone = true;
  return turns;
}

test('a store that is read from memory leaves turns of the event loop to others', async () => {
  const storage = createInMemoryStorage();
  onTestFinished(() => storage.close());
  const records = Array.from({ length: RECORDS }, (_, i) => gtype(`T${i}`));
  await storage.commit(records.map((value) => ({ put: 'gtype', value })));
  const patient = givingWay(storage);
  // Slices of 4 ms, a turn after each.
  expect(await turnsWhileRead(patient)).toBeGreaterThan(RECORDS / 10);
  expect((await patient.stats()).revision).toBe(1);
  expect(patient.capabilities).toBe(storage.capabilities);
});
