import { resolve } from 'node:path';
import { decideOptions } from '@gati-framework/manifest-store/backend';
import type { OpenStorageOptions } from '../open/open-storage.js';
import { etcdTimes, isMissingModule, missingOr, postgresTimes, readTimeout } from '../open/schemes.js';
import { parseStorageUrl } from '../open/storage-url.js';

/** What a store says of itself without being opened; whatever its backend does not know is absent. */
export interface StoreInspection {
  /** What its URL begins with: `memory`, `sqljs`, `sqlite`, `postgres` or `etcd`. */
  readonly scheme: string;
  /** Absolute path of the file. */
  readonly file?: string;
  readonly database?: string;
  /** The schema of the database that holds the store, or the prefix of its keys. */
  readonly schema?: string;
  /** Version of the server. */
  readonly server?: string;
  /** Tells one running server, or one cluster, from others, whatever they are called. */
  readonly instance?: string;
  /** Schema version of the store; 0 where there is none yet. */
  readonly schemaVersion?: number;
  /** The newest schema version that this library knows. */
  readonly knownVersion?: number;
  /** Bytes that the store takes, as far as its backend can tell. */
  readonly bytes?: number;
}

export interface InspectOptions extends Pick<OpenStorageOptions, 'timeout'> {}

interface DecidedInspection {
  readonly timeout: number | undefined;
}

/**
 * Looks at a store, and changes nothing: also one that is not there yet, or that this library would have to upgrade.
 * No part of the URL that may be secret is in the answer.
 *
 * @throws StorageError `INVALID_OPTIONS` when the URL names no store, `STORAGE_DRIVER_MISSING` when its backend is not
 *   installed, `STORAGE_FOREIGN` when it is something else, `STORAGE_UNAVAILABLE` when it cannot be reached.
 */
export async function inspectStore(url: string, options: InspectOptions = {}): Promise<StoreInspection> {
  const { timeout } = decideOptions<DecidedInspection>(options, { timeout: readTimeout });
  const { scheme, rest } = parseStorageUrl(url);
  const [name = ''] = scheme.form.split(':', 1);
  switch (name) {
    case 'sqljs':
      return { scheme: name, ...inspectedFile(rest, await sqljsTools()) };
    case 'sqlite':
      return { scheme: name, ...inspectedFile(rest, await sqliteTools()) };
    case 'postgres':
      return { scheme: name, ...(await inspectedSchema(rest, timeout)) };
    case 'etcd':
      return { scheme: name, ...(await inspectedPrefix(rest, timeout)) };
    default:
      return { scheme: name };
  }
}

/** What a backend over SQLite tells of a file, and of the SQL that makes one. */
export interface FileTools {
  inspectFile(filename: string): { schemaVersion: number; knownVersion: number; bytes: number };
  schemaScript(from?: number): string;
  stateOfFile(filename: string): string | undefined;
  removeUnused(filename: string, state: string): boolean;
}

function inspectedFile(filename: string, { inspectFile }: FileTools): Omit<StoreInspection, 'scheme'> {
  return { file: resolve(filename), ...inspectFile(filename) };
}

async function inspectedSchema(
  rest: string,
  timeout: number | undefined,
): Promise<Omit<StoreInspection, 'scheme'>> {
  try {
    const { inspectSchema } = await import('@gati-framework/storage-postgres');
    return await inspectSchema({
      connectionString: `postgres:${rest}`,
      readOnly: true,
      ...postgresTimes(timeout),
    });
  } catch (error) {
    throw missingOr(error, 'postgres', '@gati-framework/storage-postgres pg');
  }
}

async function inspectedPrefix(
  rest: string,
  timeout: number | undefined,
): Promise<Omit<StoreInspection, 'scheme'>> {
  try {
    const { inspectPrefix } = await import('@gati-framework/storage-etcd');
    const found = await inspectPrefix({ connectionString: `etcd:${rest}`, ...etcdTimes(timeout) });
    const { prefix: schema, cluster: instance, server, format, knownFormat } = found;
    return { schema, server, instance, schemaVersion: format, knownVersion: knownFormat };
  } catch (error) {
    throw missingOr(error, 'etcd', '@gati-framework/storage-etcd');
  }
}

// Each import stands in a try block of its own: bundlers then do without a backend that is not installed.

export async function sqljsTools(): Promise<FileTools> {
  try {
    return await import('@gati-framework/storage-sqljs/schema');
  } catch (error) {
    throw missingOr(error, 'sqljs', '@gati-framework/storage-sqljs sql.js');
  }
}

/** They ask about the file alone, so any package that shares it does, whether or not its driver runs here. */
export async function sqliteTools(): Promise<FileTools> {
  try {
    return await import('@gati-framework/storage-better-sqlite3/schema');
  } catch (error) {
    if (!isMissingModule(error)) throw error;
  }
  try {
    return await import('@gati-framework/storage-node-sqlite/schema');
  } catch (error) {
    throw missingOr(
      error,
      'sqlite',
      '@gati-framework/storage-better-sqlite3 better-sqlite3, or @gati-framework/storage-node-sqlite for the ' +
        'SQLite of Node.js 22.22.3, 24.15 and newer',
    );
  }
}
