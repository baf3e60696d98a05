import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { manifest } from '../support/records.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';
import type { RawConnection } from './support/file-backend.js';

const DOCUMENT = readFileSync(
  new URL('../../packages/storage-sqlite/docs/sqlite-file.md', import.meta.url),
  'utf8',
);

interface Named {
  readonly name: string;
}

function tables(database: RawConnection): Named[] {
  return database.rows("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')") as Named[];
}

test('every table, view and column of the file is documented', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename });
  await storage.open();
  await storage.close();
  const database = backend.connect(filename, { readOnly: true });
  for (const { name } of tables(database)) {
    expect(DOCUMENT).toContain(`\`${name}\``);
    for (const column of database.rows(`PRAGMA table_info(${name})`) as Named[]) {
      expect(DOCUMENT, `${name}.${column.name}`).toContain(`\`${column.name}\``);
    }
  }
  database.close();
});

test('the queries of the documentation run on a real file', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename });
  await storage.storeManifest(manifest('users', '1.0.0'));
  await storage.storeManifest(manifest('users', '1.1.0'));
  await storage.close();
  const database = backend.connect(filename, { readOnly: true });
  const queries = [...DOCUMENT.matchAll(/```sql\n([\s\S]*?)```/g)].map((match) => match[1] as string);
  expect(queries.length).toBeGreaterThan(2);
  for (const query of queries) database.rows(query);
  database.close();
});
