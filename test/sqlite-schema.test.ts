import { createHash } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Storage } from '@gati-framework/manifest-store';
import {
  RECORD_KIND_NAMES,
  RECORD_KINDS,
  type RecordKindDefinition,
} from '@gati-framework/manifest-store/backend';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { RecordStorage } from '@gati-framework/storage-kit';
import { SqliteRecordDriver } from '@gati-framework/storage-sqlite';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { BetterSqlite3Host } from '../packages/storage-better-sqlite3/dist/better-sqlite3-host.js';
import { resolveOptions } from '../packages/storage-better-sqlite3/dist/options.js';
import { SCHEMA_STEPS } from '../packages/storage-sqlite/dist/schema/schema.js';
import { TABLES } from '../packages/storage-sqlite/dist/schema/tables.js';
import { gtype } from './support/records.js';
import { temporaryFolder } from './support/temporary-folder.js';

/** A checksum that changes here was released before: add a step instead. */
const RELEASED = ['cdf94840619ac7737e2febe69c59c58f16e65b05874de9b5dd9ea46441274fb9'];

/** What a step for one more kind looks like. */
const WIDGET_STEP = `
CREATE TABLE widgets_by_key (
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  change_id INTEGER NOT NULL,
  PRIMARY KEY (name)
) STRICT, WITHOUT ROWID;
CREATE VIEW widgets AS
  SELECT widgets_by_key.name, widgets_by_key.position, widgets_by_key.revision, encoding, value, digest
  FROM widgets_by_key LEFT JOIN changes ON changes.id = change_id;
ALTER TABLE commits ADD COLUMN widget_count INTEGER NOT NULL DEFAULT 0;
`;

test('what was released is never changed', () => {
  expect(SCHEMA_STEPS.map((step) => createHash('sha256').update(step).digest('hex'))).toEqual(RELEASED);
});

test('a new file is made like the files of version 0.1.0', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = createBetterSqlite3Storage({ filename });
  await storage.open();
  await storage.close();
  expect(schemaOf(filename)).toEqual(schemaOf(releasedFile()));
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
    details: { found: 2, supported: 1 },
  });
});

test('a step that fails changes nothing and leaves no lock', async () => {
  const filename = releasedFile();
  const before = schemaOf(filename);
  const storage = openWith(filename, [...SCHEMA_STEPS, `${WIDGET_STEP} CREATE TABLE commits (a);`]);
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

/** A copy of a file that version 0.1.0 wrote. */
function releasedFile(): string {
  const filename = join(temporaryFolder(), 'store.db');
  copyFileSync(new URL('./fixtures/sqlite-version-1.db', import.meta.url), filename);
  return filename;
}

async function expectReleasedContent(storage: Storage): Promise<void> {
  expect(await storage.stats()).toMatchObject({
    revision: 9,
    manifestCount: 2,
    hookManifestCount: 1,
    gtypeCount: 2,
    transformerCount: 1,
    versionGraphCount: 1,
    timescapeMetadataCount: 1,
  });
  expect((await storage.getAllManifestVersions('users')).map(({ version }) => version)).toEqual([
    '1.0.0',
    '1.1.0',
  ]);
  expect((await storage.getManifest('users'))?.createdAt).toBe(2000.5);
  expect(await storage.getGType('User')).toEqual(gtype('User', 'replaced'));
  expect((await storage.getGType('Dated'))?.validators?.[0]?.value).toEqual(new Date(5));
  expect(await storage.getTransformersForVersions('users', '1.0.0', '1.1.0')).toHaveLength(1);
  const events = storage.watch({ after: 0 });
  for (let revision = 1; revision <= 9; revision++) {
    expect((await events.next()).value?.revision).toBe(revision);
  }
  await events.return?.();
}

function openWith(filename: string, steps: readonly string[], lockTimeout = 10_000): Storage {
  const options = resolveOptions({ filename, lockTimeout });
  return new RecordStorage(new SqliteRecordDriver(new BetterSqlite3Host(options), options, steps), options);
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
