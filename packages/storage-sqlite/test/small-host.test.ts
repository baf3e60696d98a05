import { StorageError } from '@gati-framework/manifest-store';
import { RecordStorage } from '@gati-framework/storage-kit';
import { type SqliteDatabase, type SqliteHost, SqliteRecordDriver } from '@gati-framework/storage-sqlite';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';

const FULL = { commit: true, entries: true, watch: true, history: true, lifecycle: true };

/** All that a host needs whose database is nobody else's. */
class SmallHost implements SqliteHost {
  readonly name = 'small';
  readonly location = 'A database in memory';
  readonly readOnly = false;
  readonly journalMode = 'MEMORY';
  readonly capabilities = { ...FULL, persistent: false, multiProcess: false };
  readonly #driver = new Database(':memory:');

  open(): SqliteDatabase {
    const prepare = (sql: string): never => {
      const statement = this.#driver.prepare(sql);
      return (statement.reader ? statement.raw() : statement) as never;
    };
    return { exec: (sql) => this.#driver.exec(sql), prepare };
  }

  close(): void {
    this.#driver.close();
  }

  translate(cause: unknown): StorageError {
    return new StorageError('STORAGE_FAILED', String(cause), { cause });
  }
}

test('a host that names, opens and closes a database is a whole storage', async () => {
  const options = { historyLimit: 100, lockTimeout: 0 };
  const storage = new RecordStorage(new SqliteRecordDriver(new SmallHost(), options));
  await Promise.all(['a', 'b', 'c'].map((ref) => storage.storeGType(gtype(ref))));
  await storage.commit([{ delete: 'gtype', key: { ref: 'b' } }]);
  const refs: unknown[] = [];
  for await (const { key } of storage.entries({ kinds: ['gtype'] })) refs.push(key);
  expect(refs).toEqual([{ ref: 'a' }, { ref: 'c' }]);
  const watch = storage.watch({ after: 3 });
  expect((await watch.next()).value?.changes).toMatchObject([{ delete: 'gtype', key: { ref: 'b' } }]);
  await storage.close();
});
