import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { SCHEMA_STEPS } from '../../storage-postgres/src/schema/schema.js';
import { migrationScript as postgresSteps } from '../../storage-postgres/src/schema/schema-script.js';
import { APPLICATION_ID, MIGRATIONS } from '../../storage-sqlite/src/index.js';
import { openStorage } from '../src/index.js';
import { inspectStore, migrateStore, migrationScript, removeEmptyStore } from '../src/schema/index.js';

const KNOWN = MIGRATIONS.length;

/** A file as a library that knew only the first schema left it. */
function oldFile(): string {
  const file = join(temporaryFolder(), 'gati.db');
  const database = new Database(file);
  database.exec(MIGRATIONS[0] ?? '');
  database.pragma(`application_id = ${APPLICATION_ID}`);
  database.pragma('user_version = 1');
  database.close();
  return file;
}

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

describe.each(['sqlite', 'sqljs'])('a %s: store', (scheme) => {
  test('that is not there yet has version 0, and looking at it makes nothing', async () => {
    const file = join(temporaryFolder(), 'gati.db');
    const url = `${scheme}:${file}`;
    expect(await inspectStore(url)).toEqual({
      scheme,
      file,
      schemaVersion: 0,
      knownVersion: KNOWN,
      bytes: 0,
    });
    expect(await migrationScript(url)).toContain('CREATE TABLE');
    expect(existsSync(file)).toBe(false);
    expect(await migrateStore(url)).toEqual({ from: 0, to: KNOWN });
    expect(await migrateStore(url)).toEqual({ from: KNOWN, to: KNOWN });
    expect(await inspectStore(url)).toMatchObject({ schemaVersion: KNOWN, bytes: expect.any(Number) });
    expect(await migrationScript(url)).toBe('');
  });

  test('that nobody has committed to or uses is removed, and no other', async () => {
    const folder = temporaryFolder();
    const url = `${scheme}:${join(folder, 'gati.db')}`;
    const user = await openStorage(url);
    await user.open();
    expect(await removeEmptyStore(url)).toBe(false);
    await user.close();
    expect(await removeEmptyStore(url)).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
    const writer = await openStorage(url);
    await writer.storeGType(gtype('a'));
    await writer.close();
    expect(await removeEmptyStore(url)).toBe(false);
    expect((await inspectStore(url)).schemaVersion).toBe(KNOWN);
    await expect(removeEmptyStore(`${scheme}:${join(folder, 'none.db')}`)).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
  });

  test('of an older version is looked at without being changed, and brought up to date', async () => {
    const file = oldFile();
    const before = digest(file);
    const url = `${scheme}:${file}`;
    expect(await inspectStore(url)).toMatchObject({ schemaVersion: 1, knownVersion: KNOWN });
    expect(await migrationScript(url)).not.toContain(MIGRATIONS[0]?.trim());
    expect(digest(file)).toBe(before);
    expect(await migrateStore(url)).toEqual({ from: 1, to: KNOWN });
    await using storage = await openStorage(url);
    await storage.storeGType(gtype('A'));
  });

  test.each([0, 1])('the script that brings it from version %i does what opening it does', async (from) => {
    const file = from === 0 ? join(temporaryFolder(), 'gati.db') : oldFile();
    const url = `${scheme}:${file}`;
    const script = await migrationScript(url);
    const database = new Database(file);
    database.exec(script);
    const made = database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2').all();
    database.close();
    expect(await inspectStore(url)).toMatchObject({ schemaVersion: KNOWN });
    const other = `sqlite:${join(temporaryFolder(), 'other.db')}`;
    await migrateStore(other);
    const opened = new Database(other.slice('sqlite:'.length), { readonly: true });
    onTestFinished(() => void opened.close());
    expect(made).toEqual(opened.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2').all());
    await using storage = await openStorage(url);
    await storage.storeGType(gtype('A'));
    expect((await storage.stats()).gtypeCount).toBe(1);
  });

  test('of something else is refused, and left alone', async () => {
    const file = join(temporaryFolder(), 'notes.db');
    writeFileSync(file, 'not a database, '.repeat(10));
    const before = digest(file);
    await expect(inspectStore(`${scheme}:${file}`)).rejects.toMatchObject({ code: 'STORAGE_FOREIGN' });
    await expect(migrateStore(`${scheme}:${file}`)).rejects.toMatchObject({ code: 'STORAGE_FOREIGN' });
    expect(digest(file)).toBe(before);
    const other = join(temporaryFolder(), 'other.db');
    const database = new Database(other);
    database.exec('CREATE TABLE things (id INTEGER); PRAGMA user_version = 9;');
    database.close();
    await expect(inspectStore(`${scheme}:${other}`)).rejects.toMatchObject({ code: 'STORAGE_FOREIGN' });
  });
});

test('a file that is open is looked at with what its log says', async () => {
  const file = oldFile();
  const database = new Database(file);
  onTestFinished(() => void database.close());
  database.pragma('journal_mode = WAL');
  database.pragma('user_version = 2');
  expect(await inspectStore(`sqlite:${file}`)).toMatchObject({ schemaVersion: 2 });
});

test('a file that this process has locked is still locked after it was looked at', async () => {
  const file = oldFile();
  const database = new Database(file);
  onTestFinished(() => void database.close());
  database.exec('BEGIN EXCLUSIVE');
  expect(await inspectStore(`sqlite:${file}`)).toMatchObject({ schemaVersion: 1 });
  // Locks of a process show in others only.
  const program = `
    const database = new (require('better-sqlite3'))(process.argv[1], { timeout: 0 });
    database.exec('BEGIN IMMEDIATE');
  `;
  const other = spawnSync(process.execPath, ['-e', program, file], { encoding: 'utf8' });
  expect(other.stderr).toContain('database is locked');
});

test('a folder is no store', async () => {
  const folder = temporaryFolder();
  await expect(inspectStore(`sqlite:${folder}`)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
});

test('memory: has no schema', async () => {
  expect(await inspectStore('memory:')).toEqual({ scheme: 'memory' });
  expect(await migrationScript('memory:')).toBe('');
  expect(await migrateStore('memory:')).toEqual({ from: 0, to: 0 });
});

describe('a postgres: store', () => {
  const server = inject('postgresUrl');
  const schema = `tools schema ${process.pid}`;
  const url = `${server}?schema=${encodeURIComponent(schema)}`;

  async function runSql(text: string): Promise<void> {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(text).finally(() => client.end());
  }

  function dropAfterwards(): void {
    onTestFinished(() => runSql(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`));
  }

  test('that is not there yet has version 0, and looking at it makes nothing', async () => {
    dropAfterwards();
    const found = await inspectStore(url);
    expect(found).toEqual({
      scheme: 'postgres',
      database: expect.any(String),
      instance: expect.stringMatching(/^\d+(\.\d+)?$/),
      schema,
      server: expect.stringMatching(/^\d+/),
      schemaVersion: 0,
      knownVersion: SCHEMA_STEPS.length,
      bytes: 0,
    });
    await runSql(await migrationScript(url));
    expect(await migrationScript(url)).toBe('');
    expect(await migrateStore(url)).toEqual({ from: SCHEMA_STEPS.length, to: SCHEMA_STEPS.length });
    const made = await inspectStore(url);
    expect(made.bytes).toBeGreaterThan(8192);
  });

  test('of an older version is brought up to date, by its script or by opening it', async () => {
    dropAfterwards();
    const steps = SCHEMA_STEPS.slice(0, 1);
    for (const bring of [async () => runSql(await migrationScript(url)), () => migrateStore(url)]) {
      await runSql(`DROP SCHEMA IF EXISTS "${schema}" CASCADE; CREATE SCHEMA "${schema}";`);
      await runSql(postgresSteps(schema, 0, steps));
      expect(await inspectStore(url)).toMatchObject({ schemaVersion: 1, knownVersion: SCHEMA_STEPS.length });
      await bring();
      expect(await inspectStore(url)).toMatchObject({ schemaVersion: SCHEMA_STEPS.length });
      await using storage = await openStorage(url);
      await storage.storeGType(gtype('A'));
    }
  });
});
