import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Storage } from '@gati-framework/manifest-store';
import {
  RECORD_KIND_NAMES,
  RECORD_KINDS,
  type RecordKindDefinition,
} from '@gati-framework/manifest-store/backend';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { RecordStorage } from '@gati-framework/storage-kit';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { BETTER_SQLITE3 } from '../packages/storage-better-sqlite3/dist/better-sqlite3-driver.js';
import { SCHEMA_STEPS } from '../packages/storage-sqlite/dist/schema/schema.js';
import { TABLES } from '../packages/storage-sqlite/dist/schema/tables.js';
import { prepareScan } from '../packages/storage-sqlite/dist/sql/scan-statements.js';
import { gtype } from './support/records.js';
import { expectReleasedContent, releasedFile } from './support/released-store.js';
import { sharedFileParts } from './support/shared-file-parts.js';
import { temporaryFolder } from './support/temporary-folder.js';
import { unzipped } from './support/unzipped.js';

/** A checksum that changes here was released before: add a step instead. */
const RELEASED = [
  'cdf94840619ac7737e2febe69c59c58f16e65b05874de9b5dd9ea46441274fb9',
  '5cd1165eef22de5217e744b49060b9155b40986571faafbe58a5a3b1a89457db',
  '0b003dc389d341198c5c0eb01b3a3f889b21e6214bd1e2fe2792254cb07db933',
  'ffe2c4f7bdaa62514686c718839d38d26c19a652395321cb5b8b931eff087c20',
  '7acec3b3f6df35b608b843db36102b953c8158a8f6c310e6ac8a10d6f1e88361',
];

/** What a step for one more kind looks like. */
const WIDGET_STEP = `
CREATE TABLE widgets_by_key (
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  change_id INTEGER NOT NULL,
  PRIMARY KEY (name)
) STRICT, WITHOUT ROWID;
CREATE INDEX widgets_by_position ON widgets_by_key (position);
CREATE VIEW widgets AS
  SELECT widgets_by_key.name, widgets_by_key.position, widgets_by_key.revision, encoding, value, digest
  FROM widgets_by_key LEFT JOIN changes ON changes.id = change_id;
ALTER TABLE changes ADD COLUMN commit_widget_count INTEGER;
CREATE VIEW commits_and_widgets AS SELECT id AS last_change, commit_widget_count AS widget_count FROM changes;
`;

test('what was released is never changed', () => {
  expect(SCHEMA_STEPS.map((step) => createHash('sha256').update(step).digest('hex'))).toEqual(RELEASED);
});

test('the first step makes the files of version 0.1.0, and a new file is like one of those that was opened', async () => {
  const [first, current] = [join(temporaryFolder(), 'store.db'), join(temporaryFolder(), 'store.db')];
  const released = releasedFile();
  const database = new Database(first);
  database.exec(`${SCHEMA_STEPS[0]} PRAGMA user_version = 1`);
  database.close();
  expect(schemaOf(first)).toEqual(schemaOf(released));
  await openAndClose(createBetterSqlite3Storage({ filename: current }));
  await openAndClose(createBetterSqlite3Storage({ filename: released }));
  expect(schemaOf(current)).toEqual(schemaOf(released));
});

test.each([
  ['better-sqlite3', (filename: string) => createBetterSqlite3Storage({ filename })],
  ['sql.js', (filename: string) => createSqlJsStorage({ filename })],
])('a file of version 0.1.0 opens with %s, and holds what was stored', async (_, open) => {
  const storage = open(releasedFile());
  await expectReleasedContent(storage);
  await storage.storeGType(gtype('new'));
  expect(await storage.stats()).toMatchObject({ revision: 10, gtypeCount: 3 });
  await storage.close();
});

test.each([
  ['better-sqlite3', (filename: string) => createBetterSqlite3Storage({ filename, historyLimit: 20 })],
  ['sql.js', (filename: string) => createSqlJsStorage({ filename, historyLimit: 20 })],
])('a file of version 1 goes on in %s where it was in forgetting its history', async (_, open) => {
  const filename = sweepingFile();
  const storage = open(filename);
  expect(await storage.stats()).toMatchObject({ revision: 6, gtypeCount: 24 });
  expect(await storage.getGType('kept20')).toMatchObject({ description: 'new' });
  expect(await storage.getGType('kept22')).toMatchObject({ description: 'old' });
  expect(await storage.getGType('kept0')).toBeUndefined();
  await expect(storage.watch({ after: 2 }).next()).rejects.toMatchObject({
    code: 'STORAGE_COMPACTED',
    details: { oldest: 3, current: 6 },
  });
  const events = storage.watch({ after: 3 });
  const sizes: unknown[] = [];
  for (let i = 0; i < 3; i++) sizes.push((await events.next()).value?.changes.length);
  expect(sizes).toEqual([21, 3, 1]);
  for (let i = 0; i < 30; i++) await storage.storeGType(gtype('kept1', String(i)));
  await storage.close();

  const database = new Database(filename, { readonly: true });
  const [history, changes] = [
    'SELECT first_change, swept_to FROM history',
    'SELECT count(*) FROM changes',
  ].map((sql) => database.prepare(sql).raw().get() as number[]);
  expect(history?.[0]).toBe(history?.[1]);
  // The history, its tenth, and the records that are older than it with what the history replaced.
  expect(changes?.[0]).toBeLessThan(22 + 2 * 24);
  database.close();
});

test.each(RECORD_KIND_NAMES)(
  'records of the kind %s are found in their order, and not sorted',
  async (kind) => {
    const filename = join(temporaryFolder(), 'store.db');
    await openAndClose(createBetterSqlite3Storage({ filename }));
    const database = new Database(filename, { readonly: true });
    onTestFinished(() => void database.close());
    const planned = {
      exec: () => {},
      prepare: (sql: string) => database.prepare(`EXPLAIN QUERY PLAN ${sql}`),
    };
    const plan = prepareScan(planned as never, kind, false).all(0, 1, 64) as unknown as { detail: string }[];
    const [, keys] = plan.map(({ detail }) => detail);
    expect(keys).toMatch(/^SEARCH \w+_by_key USING INDEX \w+_by_position \(position>\?\)$/);
    expect(JSON.stringify(plan)).not.toContain('TEMP B-TREE');
  },
);

test('what a file of version 1 tells of its commits, it tells after it was opened', async () => {
  for (const filename of [releasedFile(), sweepingFile()]) {
    const commits = rowsOf(filename, 'SELECT * FROM commits');
    await openAndClose(createBetterSqlite3Storage({ filename }));
    const told = rowsOf(filename, 'SELECT * FROM commits') as Record<string, number>[];
    for (const { last_change, note, ...row } of told) {
      expect(row).toEqual(commits.shift());
      expect(note).toBeNull();
      expect(last_change).toBe((row.first_change as number) + (row.change_count as number) - 1);
    }
    expect(commits).toEqual([]);
    const unnumbered = 'SELECT id FROM changes, history WHERE commit_revision IS NULL AND id >= first_change';
    expect(rowsOf(filename, unnumbered)).toEqual([]);
  }
});

test('what version 1 has exported is imported, and read without being written', async () => {
  const filename = releasedFile();
  const before = readFileSync(filename);
  const exported = readFileSync(filename);
  const storage = createSqlJsStorage();
  await storage.import(exported);
  expect(exported.equals(before)).toBe(true);
  expect(await storage.stats()).toMatchObject({ manifestCount: 2, gtypeCount: 2 });
  await storage.close();
  const reader = createSqlJsStorage({ filename, readOnly: true });
  await expectReleasedContent(reader);
  await reader.close();
  expect(readFileSync(filename).equals(before)).toBe(true);
});

test('a kind that comes later gets a step of its own, which existing files take', async () => {
  const filename = releasedFile();
  addKind('widget', 'widget', 'widgets');
  const steps = [...SCHEMA_STEPS, WIDGET_STEP];
  const storage = openWith(filename, steps);
  await expectReleasedContent(storage);
  const widget = { put: 'widget', value: { name: 'w', size: 3 } };
  expect(await storage.commit([widget, { put: 'gtype', value: gtype('new') }] as never)).toBe(10);
  expect(await storage.get({ kind: 'widget', key: { name: 'w' } } as never)).toMatchObject({
    value: { name: 'w', size: 3 },
    revision: 10,
  });
  await storage.close();

  const again = openWith(filename, steps);
  expect(await again.stats()).toMatchObject({
    revision: 10,
    gtypeCount: 3,
    manifestCount: 2,
    widgetCount: 1,
  });
  const events = again.watch({ after: 9 });
  expect((await events.next()).value?.changes).toMatchObject([{ put: 'widget' }, { put: 'gtype' }]);
  await again.clear();
  expect(await again.stats()).toMatchObject({ widgetCount: 0, gtypeCount: 0 });
  await again.close();

  // What a library that knows neither the kind nor the step makes of it.
  const older = createBetterSqlite3Storage({ filename });
  await expect(older.open()).rejects.toMatchObject({
    code: 'STORAGE_SCHEMA_TOO_NEW',
    details: { found: SCHEMA_STEPS.length + 1, supported: SCHEMA_STEPS.length },
  });
});

test('a step that fails changes nothing and leaves no lock', async () => {
  const filename = releasedFile();
  const before = schemaOf(filename);
  const storage = openWith(filename, [...SCHEMA_STEPS, `${WIDGET_STEP} CREATE TABLE changes (a);`]);
  await expect(storage.open()).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  expect(schemaOf(filename)).toEqual(before);
  const other = createBetterSqlite3Storage({ filename, lockTimeout: 50 });
  await expectReleasedContent(other);
  await other.storeGType(gtype('new'));
  await Promise.all([other.close(), storage.close()]);
});

test('a step that waits for another writer is taken once that one is done', async () => {
  const filename = releasedFile();
  const writer = new Database(filename);
  writer.exec('BEGIN IMMEDIATE');
  const storage = openWith(filename, [...SCHEMA_STEPS, WIDGET_STEP], 50);
  await expect(storage.open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' });
  writer.exec('ROLLBACK');
  writer.close();
  await expectReleasedContent(storage);
  await storage.close();
});

test('a change of an unknown kind is not passed off as something else', async () => {
  const filename = releasedFile();
  const database = new Database(filename);
  database.exec("UPDATE changes SET kind = 'widget' WHERE id = 1");
  database.close();
  const storage = createBetterSqlite3Storage({ filename });
  await expect(storage.watch({ after: 0 }).next()).rejects.toMatchObject({
    code: 'STORAGE_SCHEMA_TOO_NEW',
    message: expect.stringContaining('"widget"'),
  });
  await storage.close();
});

/** A copy of a file of version 1 that has forgotten a large clear, and not swept all of it away. */
function sweepingFile(): string {
  return unzipped('sqlite-version-1-sweeping.db.gz');
}

async function openAndClose(storage: Storage): Promise<void> {
  await storage.open?.();
  await storage.close?.();
}

function rowsOf(filename: string, sql: string): unknown[] {
  const database = new Database(filename, { readonly: true });
  const rows = database.prepare(sql).all();
  database.close();
  return rows;
}

function openWith(filename: string, steps: readonly string[], lockTimeout = 10_000): Storage {
  const { driver, options } = sharedFileParts(BETTER_SQLITE3, { filename, lockTimeout }, steps);
  return new RecordStorage(driver, options);
}

/** As a later version of the list of kinds would have it, until the test ends. */
function addKind(kind: string, prefix: string, table: string): void {
  const kinds = RECORD_KINDS as Record<string, RecordKindDefinition>;
  const names = RECORD_KIND_NAMES as string[];
  const tables = TABLES as Record<string, string>;
  kinds[kind] = {
    keyFields: ['name'],
    lookupFields: [],
    createdAt: false,
    count: `${prefix}Count` as RecordKindDefinition['count'],
  };
  tables[kind] = table;
  names.splice(2, 0, kind); // not at the end: nothing may depend on the order of columns
  onTestFinished(() => {
    delete kinds[kind];
    delete tables[kind];
    names.splice(names.indexOf(kind), 1);
  });
}

function schemaOf(filename: string): unknown[] {
  const database = new Database(filename, { readonly: true });
  const rows = database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid').all();
  const version = database.pragma('user_version', { simple: true });
  database.close();
  return [version, ...rows];
}
