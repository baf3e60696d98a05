import { StorageError } from '@gati-framework/manifest-store';
import { channels } from '@gati-framework/manifest-store/backend';
import { Transactions } from '../sql/transaction.js';
import type { SqliteDatabase } from '../sqlite-database.js';
import { nameOf, type SqliteHost } from '../sqlite-host.js';
import { APPLICATION_ID, SCHEMA_STEPS } from './schema.js';

/** Bytes. A write-ahead log that a long reader made grow is cut to this once its commits are in the database. */
const LARGEST_IDLE_WAL = 16 * 1024 * 1024;
/**
 * Pages of the write-ahead log that are moved into the database at once; SQLite's own default. A log that is allowed
 * more is extended for longer before it is written over, and a sync that extends a file takes longer:
 * with 4,000, a lone write took 1.6 times as long until the log had its full size, and no less from there on.
 */
const CHECKPOINT_PAGES = 1_000;

/**
 * Brings the database to the current schema version, or refuses it unchanged:
 * one of another application, one of a newer library, and, when it is only to
 * be read, one that holds no store. All steps happen, or none.
 *
 * @param steps What this library knows; another list in tests only.
 * @returns Whether it was of an earlier version.
 */
export function migrate(
  database: SqliteDatabase,
  host: SqliteHost,
  steps: readonly string[] = SCHEMA_STEPS,
): boolean {
  const transactions = new Transactions(database);
  // In one transaction: another process may be making the store this very moment.
  const found = transactions.read(() => storeVersion(database, host, steps.length));
  const mayChange = !host.readOnly || (host.isCopy && found > 0);
  if (!mayChange) {
    if (found < steps.length) throw notAStoreYet(host);
    return false;
  }
  // After the inspection, so that nobody else's database is changed; each time, because other tools may have.
  database.exec(`PRAGMA journal_mode = ${host.journalMode}`);
  limitWal(database);
  if (found === steps.length) return false;
  const take = (): void => transactions.write(() => takeSteps(database, host, steps));
  if (channels.migrate.hasSubscribers) {
    channels.migrate.trace({ ...nameOf(host), from: found, to: steps.length }, take);
  } else take();
  return true;
}

function takeSteps(database: SqliteDatabase, host: SqliteHost, steps: readonly string[]): void {
  // Again, now that nobody else can be doing the same.
  const version = storeVersion(database, host, steps.length);
  for (const step of steps.slice(version)) database.exec(step);
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  database.exec(`PRAGMA user_version = ${steps.length}`);
}

/** For a connection that writes: how large it lets the write-ahead log become. */
export function limitWal(database: SqliteDatabase): void {
  database.exec(`PRAGMA journal_size_limit = ${LARGEST_IDLE_WAL}`);
  database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
}

/** The schema version of a database; 0 for an empty one. Throws where it is of another application, or newer. */
export function storeVersion(
  database: SqliteDatabase,
  host: Pick<SqliteHost, 'name' | 'location'>,
  supported: number,
): number {
  const applicationId = readPragma(database, 'application_id');
  const version = readPragma(database, 'user_version');
  if (applicationId !== APPLICATION_ID) {
    const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
    if (applicationId === 0 && version === 0 && isEmpty) return 0;
    throw new StorageError(
      'STORAGE_FOREIGN',
      `${host.location} is a SQLite database of another application; nothing was changed. ` +
        'Give the store a file of its own.',
    );
  }
  if (version > supported) {
    throw new StorageError(
      'STORAGE_SCHEMA_TOO_NEW',
      `${host.location} has schema version ${version}, and this library knows versions up to ` +
        `${supported}; nothing was changed. Update @gati-framework/storage-${host.name}.`,
      { details: { found: version, supported } },
    );
  }
  return version;
}

function notAStoreYet(host: SqliteHost): StorageError {
  return new StorageError(
    'STORAGE_READONLY',
    `${host.location} holds no store of the current version yet, and it was opened read-only. ` +
      'Open it once for writing, which makes it one.',
  );
}

export function readPragma(database: SqliteDatabase, name: string): number {
  return database.prepare<readonly [number]>(`PRAGMA ${name}`).get()?.[0] ?? 0;
}
