import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Change, Storage } from '@gati-framework/manifest-store';
import { createSqlJsStorage, type Recovery } from '@gati-framework/storage-sqljs';
import { expect, test } from 'vitest';
import { gtype } from '../support/records.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { turnsUntil } from '../support/turns.js';
import { backend } from './support/backend.js';

const MANY = 8_000;

const newFile = (): string => join(temporaryFolder(), 'store.db');

/** sql.js runs anywhere, so once is enough. */
const withSqlJs = backend.name === 'better-sqlite3';

const BACKENDS: [string, () => Storage][] = [
  [backend.name, () => backend.create({ filename: newFile() })],
  [`${backend.name} in memory`, () => backend.create({ filename: ':memory:' })],
];
if (withSqlJs) BACKENDS.push(['sql.js', () => createSqlJsStorage({ filename: newFile() })]);

function manyPuts(description: string): Change[] {
  return Array.from(
    { length: MANY },
    (_, i): Change => ({ put: 'gtype', value: gtype(`t${i}`, description) }),
  );
}

async function lengthOf(items: AsyncIterable<unknown>): Promise<number> {
  let length = 0;
  for await (const _ of items) length += 1;
  return length;
}

test.each(BACKENDS)(
  'a commit of many records leaves others their turns, and so does who goes through them (%s)',
  async (_, open) => {
    const storage = open();
    await storage.storeGType(gtype('cached'));
    const committing = storage.commit(manyPuts('first'));
    const answers: Promise<unknown>[] = [];
    const turns = await turnsUntil(committing, () => void answers.push(storage.getGType('cached')));
    expect(turns).toBeGreaterThan(5);
    expect(await Promise.all(answers)).toEqual(answers.map(() => gtype('cached')));
    expect(await turnsUntil(lengthOf(storage.entries()))).toBeGreaterThan(3);
    await storage.close();
  },
);

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

test.each(BACKENDS)(
  'what is cached is not older than what was read while a commit ended (%s)',
  async (_, open) => {
    const storage = open();
    await storage.commit(manyPuts('old'));
    const cached = { ref: 'cached', kind: 'object' } as const;
    await storage.storeGType({ ...cached, description: 'old' });
    const committing = storage.commit([
      ...manyPuts('new').slice(0, 900),
      { put: 'gtype', value: { ...cached, description: 'new' } },
    ]);
    const looks: Promise<unknown>[] = [];
    const look = async (): Promise<unknown> => {
      const read = await storage.get({ kind: 'gtype', key: { ref: 't0' } });
      return [read?.value.description, (await storage.getGType('cached'))?.description];
    };
    await turnsUntil(committing, () => void looks.push(look()));
    looks.push(look());
    for (const seen of await Promise.all(looks))
      expect([
        ['old', 'old'],
        ['old', 'new'],
        ['new', 'new'],
      ]).toContainEqual(seen);
    expect(await looks.at(-1)).toEqual(['new', 'new']);
    await storage.close();
  },
);

test.each(BACKENDS)(
  'what the store is before a commit of many records is told while that goes on (%s)',
  async (_, open) => {
    const storage = open();
    await storage.storeGType(gtype('first'));
    let late = 0;
    let asked: Promise<void> | undefined;
    let isTold = true;
    const ask = async (): Promise<void> => {
      const { revision, gtypeCount } = await storage.stats();
      isTold = true;
      expect(gtypeCount).toBe(revision === 1 ? 1 : MANY + 1);
    };
    const turns = await turnsUntil(storage.commit(manyPuts('new')), () => {
      if (!isTold) {
        late += 1;
        return;
      }
      isTold = false;
      asked = ask();
    });
    await asked;
    expect(turns).toBeGreaterThan(5);
    expect(late).toBeLessThan(2);
    expect(await storage.stats()).toMatchObject({ revision: 2, gtypeCount: MANY + 1 });
    await storage.close();
  },
);

test.runIf(withSqlJs)(
  'a commit of many megabytes is in the log of sql.js when it is acknowledged',
  async () => {
    const [filename, copy] = [join(temporaryFolder(), 'store.db'), join(temporaryFolder(), 'store.db')];
    const storage = createSqlJsStorage({ filename });
    await storage.storeGType(gtype('first'));
    const description = '\u{1f600} \u00e9 '.repeat(100);
    await storage.commit(manyPuts(description));
    // In this very turn: the log is folded into the file in further ones.
    for (const suffix of ['', '-oplog']) copyFileSync(`${filename}${suffix}`, `${copy}${suffix}`);
    expect(statSync(`${copy}-oplog`).size).toBeGreaterThan(4 * 1024 * 1024);
    const recovered: Recovery[] = [];
    const again = createSqlJsStorage({ filename: copy, onRecovery: (recovery) => recovered.push(recovery) });
    expect(await again.stats()).toMatchObject({ revision: 2, gtypeCount: MANY + 1 });
    expect(await again.getGType(`t${MANY - 1}`)).toEqual(gtype(`t${MANY - 1}`, description));
    expect(recovered).toEqual([]);
    await storage.storeGType(gtype('after'));
    await Promise.all([storage.close(), again.close()]);
    const reopened = createSqlJsStorage({ filename });
    expect(await reopened.stats()).toMatchObject({ revision: 3, gtypeCount: MANY + 2 });
    await reopened.close();
  },
);

test("none of the caller's code runs inside a transaction on the caller's connection", async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const [database, other] = [backend.connect(filename, { busyTimeout: 1 }), backend.connect(filename)];
  other.exec('PRAGMA journal_mode = WAL; BEGIN IMMEDIATE');
  const storage = backend.createOn({ connection: database });
  let isStored = false;
  const storing = storage.storeGType(gtype('first')).then(() => {
    isStored = true;
  });
  // The opening waits for the other connection, and what waits for it goes on beside the write.
  const seen = new Set<boolean>();
  const looking = storage.open().then(async () => {
    for (; !isStored; await null) seen.add(database.isInTransaction);
  });
  await nextTurn();
  other.exec('ROLLBACK');
  await Promise.all([storing, looking]);
  expect([...seen]).toEqual([false]);
  await storage.close();
  database.close();
  other.close();
});

test("on the caller's connection a transaction ends in the turn in which it begins", async () => {
  const database = backend.connect(newFile());
  const storage = backend.createOn({ connection: database });
  const seen = new Set<boolean>();
  await turnsUntil(storage.commit(manyPuts('first')), () => void seen.add(database.isInTransaction));
  expect([...seen]).toEqual([false]);
  await storage.close();
  database.close();
});
