import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Change, Storage } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { gtype } from './support/records.js';
import { temporaryFolder } from './support/temporary-folder.js';

const MANY = 8_000;

const BACKENDS: [string, () => Storage][] = [
  ['better-sqlite3', () => createBetterSqlite3Storage({ filename: join(temporaryFolder(), 'store.db') })],
  ['better-sqlite3 in memory', () => createBetterSqlite3Storage({ filename: ':memory:' })],
  ['sql.js', () => createSqlJsStorage({ filename: join(temporaryFolder(), 'store.db') })],
];

function manyPuts(description: string): Change[] {
  return Array.from(
    { length: MANY },
    (_, i): Change => ({ put: 'gtype', value: gtype(`t${i}`, description) }),
  );
}

/** Counts the turns of the event loop until something is settled, and looks around in each. */
async function turnsUntil(settled: Promise<unknown>, look: () => void = () => {}): Promise<number> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  settled.then(settle, settle);
  for (let turns = 0; ; turns++) {
    if (isSettled) return turns;
    look();
    await nextTurn();
  }
}

test.each(BACKENDS)('a commit of many records leaves others their turns (%s)', async (_, open) => {
  const storage = open();
  await storage.storeGType(gtype('cached'));
  const committing = storage.commit(manyPuts('first'));
  const answers: Promise<unknown>[] = [];
  const turns = await turnsUntil(committing, () => void answers.push(storage.getGType('cached')));
  expect(turns).toBeGreaterThan(5);
  expect(await Promise.all(answers)).toEqual(answers.map(() => gtype('cached')));
  await storage.close();
});

test.each(BACKENDS)('nobody sees a commit of many records half done (%s)', async (_, open) => {
  const storage = open();
  await storage.commit(manyPuts('old'));
  const committing = storage.commit(manyPuts('new'));
  const looks: Promise<void>[] = [];
  const look = async (): Promise<void> => {
    const [first, last] = await Promise.all([
      storage.get({ kind: 'gtype', key: { ref: 't0' } }),
      storage.get({ kind: 'gtype', key: { ref: `t${MANY - 1}` } }),
    ]);
    expect([first?.revision, last?.revision]).toEqual(last?.revision === 1 ? [1, 1] : [2, 2]);
    expect((await storage.stats()).gtypeCount).toBe(MANY);
  };
  await turnsUntil(committing, () => void looks.push(look()));
  await Promise.all(looks);
  expect(await committing).toBe(2);
  await storage.close();
});

test("on the caller's connection a transaction ends in the turn in which it begins", async () => {
  const database = new Database(join(temporaryFolder(), 'store.db'));
  const storage = createBetterSqlite3Storage({ database });
  const seen = new Set<boolean>();
  await turnsUntil(storage.commit(manyPuts('first')), () => void seen.add(database.inTransaction));
  expect([...seen]).toEqual([false]);
  await storage.close();
  database.close();
});
