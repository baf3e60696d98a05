import type { Change } from '@gati-framework/manifest-store';
import { timers } from '@gati-framework/manifest-store/backend';
import { type EncodedCommit, RecordStorage } from '@gati-framework/storage-kit';
import { expect, test } from 'vitest';
import { driverWith, stateAt } from './support/driver.js';

/** A storage, and the commits that its driver was given. */
async function storageAndLog() {
  const log: EncodedCommit[] = [];
  const storage = new RecordStorage(
    driverWith({
      commit: (commits) => {
        log.push(...commits);
        return { outcomes: commits.map(() => ({ revision: log.length })), state: stateAt(log.length) };
      },
    }),
  );
  await storage.open();
  return { storage, log };
}

/** Takes a millisecond or more to encode; fifteen still fit into one group. */
function long(ref: string): Change {
  return { put: 'gtype', value: { ref, kind: 'object', description: 'ä'.repeat(500_000) } };
}

function short(ref: string): Change {
  return { put: 'gtype', value: { ref, kind: 'object' } };
}

/** How many turns of the event loop it takes until the driver has what it will have. */
async function turnsUntil(isReached: () => boolean): Promise<number> {
  let turns = 0;
  while (!isReached()) {
    await timers.nextTurn();
    turns += 1;
  }
  return turns;
}

function holdEventLoop(milliseconds: number): void {
  const end = timers.now() + milliseconds;
  while (timers.now() < end);
}

test('a long commit is encoded in several turns of the event loop', async () => {
  const { storage, log } = await storageAndLog();
  const committed = storage.commit(Array.from({ length: 15 }, (_, i) => long(`r${i}`)));
  expect(await turnsUntil(() => log.length === 1)).toBeGreaterThan(1);
  expect(log[0]?.changes).toHaveLength(15);
  await committed;
});

test('what took its turn to copy is encoded in the next one', async () => {
  const { storage, log } = await storageAndLog();
  const few = storage.commit([short('a')]);
  const turns = await turnsUntil(() => log.length === 1);
  await few;
  const changes = Array.from({ length: 1_000 }, (_, i) => short(`r${i}`));
  // Now and then the rest of its turn would not be enough for so many either.
  for (let round = 2; round <= 20; round += 1) {
    const many = storage.commit(changes);
    expect(await turnsUntil(() => log.length === round)).toBeGreaterThan(turns);
    await many;
  }
});

test('many commits of one turn share its time', async () => {
  const { storage, log } = await storageAndLog();
  const committed = Array.from({ length: 15 }, (_, i) => storage.commit([long(`r${i}`)]));
  expect(await turnsUntil(() => log.length === 15)).toBeGreaterThan(1);
  await Promise.all(committed);
});

test('a short commit is not encoded before the long one that came first', async () => {
  const { storage, log } = await storageAndLog();
  const committed = [
    storage.commit(Array.from({ length: 15 }, (_, i) => long(`r${i}`))),
    storage.commit([short('last')]),
  ];
  expect(await Promise.all(committed)).toHaveLength(2);
  expect(log.map(({ changes }) => changes.length)).toEqual([15, 1]);
});

test('a short commit waits for the end of the turn and for nothing else', async () => {
  const { storage, log } = await storageAndLog();
  const first = storage.commit([short('a')]);
  const turns = await turnsUntil(() => log.length === 1);
  await first;
  holdEventLoop(20);
  await timers.nextTurn();
  const second = storage.commit([short('b')]);
  expect(await turnsUntil(() => log.length === 2)).toBe(turns);
  await second;
});

test('closing waits for commits that are still encoded', async () => {
  const { storage, log } = await storageAndLog();
  const committed = storage.commit(Array.from({ length: 15 }, (_, i) => long(`r${i}`)));
  await storage.close();
  expect(log).toHaveLength(1);
  await committed;
});
