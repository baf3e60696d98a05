import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { BACKEND_NAMES, FILE_BACKENDS } from './support/backends.js';

const RECORDS = 400;

function writePages(database: Database.Database): void {
  database.pragma('cache_size = 2'); // so that pages go to the file before the transaction ends
  database.exec('UPDATE changes SET value = upper(value), digest = 1');
  database.exec('CREATE TABLE more (a); CREATE INDEX more_a ON more (a)');
  for (let i = 0; i < 200; i++) database.prepare('INSERT INTO more VALUES (?)').run('x'.repeat(3_000));
  database.exec('DELETE FROM history; UPDATE changes SET value = NULL');
}

/** What a transaction of another program does to a store before that is killed. */
const TRANSACTIONS: Readonly<Record<string, (database: Database.Database) => void>> = {
  'that has written nothing yet': (database) => database.exec('PRAGMA user_version = 7'),
  'that has written pages, in several parts': writePages,
};

/** A store, and a copy of its files from the midst of a transaction. */
async function crashedStore(transaction: (database: Database.Database) => void): Promise<string> {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = createSqlJsStorage({ filename });
  await storage.commit(
    Array.from({ length: RECORDS }, (_, i) => ({ put: 'gtype', value: gtype(`T${i}`, 'x'.repeat(i * 3)) })),
  );
  await storage.close();
  const crashed = join(temporaryFolder(), 'store.db');
  const database = new Database(filename);
  database.exec('BEGIN IMMEDIATE');
  transaction(database);
  for (const suffix of ['', '-journal']) copyFileSync(`${filename}${suffix}`, `${crashed}${suffix}`);
  database.exec('ROLLBACK');
  database.close();
  return crashed;
}

test.each(Object.entries(TRANSACTIONS))(
  'a transaction %s when its program is killed is undone by whoever opens the file',
  async (_, transaction) => {
    const filename = await crashedStore(transaction);
    const before = ['', '-journal'].map((suffix) => readFileSync(`${filename}${suffix}`));
    for (const backend of BACKEND_NAMES) {
      for (const readOnly of [true, false]) {
        const storage = FILE_BACKENDS[backend](filename, { readOnly });
        for (const i of [0, 1, RECORDS - 1]) {
          expect(await storage.getGType(`T${i}`)).toEqual(gtype(`T${i}`, 'x'.repeat(i * 3)));
        }
        expect(await storage.stats()).toMatchObject({ gtypeCount: RECORDS, revision: 1 });
        if (!readOnly) await storage.storeGType(gtype('more'));
        await storage.close();
      }
      const database = new Database(filename, { readonly: true });
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      database.close();
      expect(readdirSync(join(filename, '..')).filter((name) => name.endsWith('-journal'))).toEqual([]);
      for (const [i, suffix] of ['', '-journal'].entries())
        writeFileSync(`${filename}${suffix}`, before[i] as Buffer);
    }
  },
);

test('a file that was being made when its program was killed is made anew', async () => {
  for (const backend of BACKEND_NAMES) {
    const folder = temporaryFolder();
    const filename = join(folder, 'store.db');
    const database = new Database(filename);
    database.pragma('cache_size = 2');
    database.exec('BEGIN IMMEDIATE; CREATE TABLE half (a)');
    for (let i = 0; i < 50; i++) database.prepare('INSERT INTO half VALUES (?)').run('x'.repeat(3_000));
    const crashed = join(temporaryFolder(), 'store.db');
    for (const suffix of ['', '-journal']) copyFileSync(`${filename}${suffix}`, `${crashed}${suffix}`);
    database.close();
    const storage = FILE_BACKENDS[backend](crashed);
    await storage.storeGType(gtype('T'));
    await storage.close();
    expect(existsSync(`${crashed}-journal`)).toBe(false);
  }
});

test('a journal that is none is left to SQLite, and so is that of a transaction over several files', async () => {
  const filename = await crashedStore(writePages);
  const journal = readFileSync(`${filename}-journal`);
  const magic = journal.subarray(0, 8);
  for (const content of [Buffer.alloc(512, 'x'), Buffer.concat([journal, Buffer.alloc(20, 'name'), magic])]) {
    writeFileSync(`${filename}-journal`, content);
    for (const readOnly of [true, false]) {
      await expect(createSqlJsStorage({ filename, readOnly }).open()).rejects.toMatchObject({
        code: 'STORAGE_UNAVAILABLE',
        message: expect.stringContaining('store.db-journal'),
      });
    }
    expect(readFileSync(`${filename}-journal`).equals(content)).toBe(true);
  }
});

/** What may become of a database whose `-wal` or `-journal` stays behind. */
const REMOVALS: Readonly<Record<string, (filename: string) => void>> = {
  deleted: (filename) => rmSync(filename),
  emptied: (filename) => truncateSync(filename),
};

/** A file in the midst of a transaction, with what SQLite keeps beside it in a journal mode. */
function copyOfBusyStore(mode: string, suffix: string): string {
  const filename = join(temporaryFolder(), 'store.db');
  const copy = join(temporaryFolder(), 'store.db');
  const database = new Database(filename);
  database.pragma(`journal_mode = ${mode}`);
  database.exec('CREATE TABLE old (a); INSERT INTO old VALUES (1)');
  database.pragma('cache_size = 2');
  database.exec('BEGIN IMMEDIATE');
  for (let i = 0; i < 50; i++) database.prepare('INSERT INTO old VALUES (?)').run('x'.repeat(3_000));
  for (const part of ['', suffix]) copyFileSync(`${filename}${part}`, `${copy}${part}`);
  database.close();
  return copy;
}

test.each(Object.keys(REMOVALS))(
  'what SQLite left beside a file that was %s is never taken for a part of the next one',
  async (removal) => {
    for (const [mode, suffix] of [
      ['WAL', '-wal'],
      ['DELETE', '-journal'],
    ] as const) {
      for (const backend of BACKEND_NAMES) {
        const filename = copyOfBusyStore(mode, suffix);
        REMOVALS[removal]?.(filename);
        for (const ref of ['first', 'second', 'third']) {
          const storage = FILE_BACKENDS[backend](filename);
          await storage.storeGType(gtype(ref));
          await storage.close();
        }
        expect(readdirSync(join(filename, '..'))).toEqual(['store.db']);
        const storage = FILE_BACKENDS[backend](filename, { readOnly: true });
        expect(await storage.stats()).toMatchObject({ gtypeCount: 3, revision: 3 });
        await storage.close();
      }
    }
  },
);
