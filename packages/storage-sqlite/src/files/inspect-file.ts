import { StorageError } from '@gati-framework/manifest-store';
import { statIfThere } from './if-there.js';
import { logPathOf } from './log-file.js';
import { placeToRead } from './place.js';
import { readDatabase } from './read-database.js';
import { readStoredFile, SQLITE_FILES } from './stored-file.js';

/** What a file says of itself without being opened as a store. */
export interface FileInspection {
  /** Schema version of the store; 0 where there is none yet. */
  readonly schemaVersion: number;
  /** The newest schema version that this library knows. */
  readonly knownVersion: number;
  /** Bytes of the file and of what lies beside it. */
  readonly bytes: number;
}

/** What the schema of a store is known by. It is given, so that who only touches files need not load the schema. */
export interface KnownSchema {
  readonly applicationId: number;
  readonly knownVersion: number;
}

/** Bytes of what SQLite writes at the beginning of a database. */
const HEADER = 100;
const MAGIC = 'SQLite format 3\0';

/**
 * Looks at a file, which need not be there, and changes nothing. Where a log of SQLite lies beside it, the newest header may be in
 * there: both are read whole then, into memory.
 *
 * @throws StorageError `STORAGE_FOREIGN` when the file is of something else, `STORAGE_UNAVAILABLE` for what is no file.
 */
export function inspectFile(filename: string, { applicationId, knownVersion }: KnownSchema): FileInspection {
  if (statIfThere(filename) === undefined) return { schemaVersion: 0, knownVersion, bytes: 0 };
  const path = placeToRead(filename);
  const beside = [...SQLITE_FILES.map((suffix) => `${path}${suffix}`), logPathOf(path)];
  const bytes = [path, ...beside].reduce((sum, file) => sum + (statIfThere(file)?.size ?? 0), 0);
  const hasLog = [`${path}-wal`, `${path}-journal`].some((file) => (statIfThere(file)?.size ?? 0) > 0);
  const content = hasLog ? readStoredFile(path).content : readDatabase(path, HEADER);
  return { schemaVersion: schemaVersionOf(content, path, applicationId), knownVersion, bytes };
}

function schemaVersionOf(content: Uint8Array | undefined, path: string, applicationId: number): number {
  if (content === undefined || content.length === 0) return 0;
  const isDatabase = content.length >= HEADER && latin1(content.subarray(0, MAGIC.length)) === MAGIC;
  if (!isDatabase) throw foreign(path, 'is no SQLite database');
  const header = new DataView(content.buffer, content.byteOffset, HEADER);
  const version = header.getUint32(60);
  const application = header.getUint32(68);
  // One in which nothing was ever stored; if something was, opening it tells.
  if (application === 0 && version === 0) return 0;
  if (application !== applicationId) throw foreign(path, 'is a SQLite database of another application');
  return version;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function foreign(path: string, what: string): StorageError {
  return new StorageError(
    'STORAGE_FOREIGN',
    `${path} ${what}; nothing was changed. Give the store a file of its own.`,
  );
}
