import { join } from 'node:path';
import { createNodeSqliteStorage } from '@gati-framework/storage-node-sqlite';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { loadNodeSqlite } from '../src/load-node-sqlite.js';

const { DatabaseSync } = loadNodeSqlite();

test('a connection that only reads serves a storage that is told so', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const writer = createNodeSqliteStorage({ filename });
  await writer.storeGType(gtype('a'));
  const options = { readOnly: true, timeout: 5, allowExtension: false, defensive: true } as const;
  const database = new DatabaseSync(filename, options);
  const untold = createNodeSqliteStorage({ database });
  await expect(untold.storeGType(gtype('b'))).rejects.toMatchObject({ code: 'STORAGE_READONLY' });
  await untold.close();
  const reader = createNodeSqliteStorage({ database, readOnly: true });
  expect(await reader.getGType('a')).toEqual(gtype('a'));
  await expect(reader.storeGType(gtype('b'))).rejects.toMatchObject({ code: 'STORAGE_READONLY' });
  await Promise.all([reader.close(), writer.close()]);
  expect(database.isOpen).toBe(true);
  database.close();
});

test('a number beyond those of JavaScript, which no store has written, is damage', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const first = createNodeSqliteStorage({ filename });
  await first.storeGType(gtype('a'));
  await first.close();
  const options = { readOnly: false, timeout: 5, allowExtension: false, defensive: true } as const;
  const database = new DatabaseSync(filename, options);
  database.exec('UPDATE changes SET commit_revision = 9223372036854775807');
  database.close();
  const storage = createNodeSqliteStorage({ filename });
  await expect(storage.stats()).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
  await storage.close();
});
