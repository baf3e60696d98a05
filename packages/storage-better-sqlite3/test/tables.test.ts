import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { manifest } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';

const DOCUMENT = readFileSync(new URL('../../storage-sqlite/docs/sqlite-file.md', import.meta.url), 'utf8');

test('every table, view and column of the file is documented', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = createBetterSqlite3Storage({ filename });
  await storage.open();
  await storage.close();
  const database = new Database(filename, { readonly: true });
  const tables = database
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
    .all();
  for (const { name } of tables) {
    expect(DOCUMENT).toContain(`\`${name}\``);
    for (const column of database.pragma(`table_info(${name})`) as { name: string }[]) {
      expect(DOCUMENT, `${name}.${column.name}`).toContain(`\`${column.name}\``);
    }
  }
  database.close();
});

test('the queries of the documentation run on a real file', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = createBetterSqlite3Storage({ filename });
  await storage.storeManifest(manifest('users', '1.0.0'));
  await storage.storeManifest(manifest('users', '1.1.0'));
  await storage.close();
  const database = new Database(filename, { readonly: true });
  const queries = [...DOCUMENT.matchAll(/```sql\n([\s\S]*?)```/g)].map((match) => match[1] as string);
  expect(queries.length).toBeGreaterThan(2);
  for (const query of queries) database.prepare(query).all();
  database.close();
});
