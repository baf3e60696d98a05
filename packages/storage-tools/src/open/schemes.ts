import { createInMemoryStorage, type Storage, StorageError } from '@gati-framework/manifest-store';
import { optionRules } from '@gati-framework/manifest-store/backend';

/** A kind of store that a URL can name. */
export interface Scheme {
  /** How such a URL is written. */
  readonly form: string;
  /** What stands behind the colon. */
  readonly names: 'nothing' | 'file' | 'server';
  /** @param rest What stands behind the colon. */
  open(rest: string, options: OpeningOptions): Promise<Storage>;
}

export interface OpeningOptions {
  readonly readOnly: boolean;
  /** How long to try to reach a server, in milliseconds. */
  readonly timeout: number | undefined;
}

const time = optionRules.time(1);

/** The option of that name; where it is undefined, it is as the backend has it. Here, as it would be one more file to load. */
export function readTimeout(value: unknown, path: string): number | undefined {
  return value === undefined ? undefined : time(value, path);
}

const MEMORY: Scheme = {
  form: 'memory:',
  names: 'nothing',
  open: async () => createInMemoryStorage(),
};

/** As long as `sqlite:` waits for a writer, so that imports that run at once take turns. */
const LOCK_TIMEOUT = 10_000;

// Each import stands in a try block of its own: bundlers then do without a backend that is not installed.

const SQLJS: Scheme = {
  form: 'sqljs:./gati.db',
  names: 'file',
  async open(filename, { readOnly }) {
    try {
      const { createSqlJsStorage } = await import('@gati-framework/storage-sqljs');
      return createSqlJsStorage({ filename, readOnly, lockTimeout: LOCK_TIMEOUT });
    } catch (error) {
      throw missingOr(error, 'sqljs', '@gati-framework/storage-sqljs sql.js');
    }
  },
};

const SQLITE: Scheme = {
  form: 'sqlite:./gati.db',
  names: 'file',
  open: async (filename, { readOnly }) =>
    await firstThatRuns([betterSqlite3, nodeSqlite], (create) => create({ filename, readOnly })),
};

/**
 * What comes of the first package of a `sqlite:` URL that is installed and whose driver runs here.
 *
 * @param loads Each throws `STORAGE_DRIVER_MISSING` with what installs it; what is made of it may, too.
 */
export async function firstThatRuns<W, T>(
  loads: readonly (() => Promise<W>)[],
  use: (way: W) => T | Promise<T>,
): Promise<T> {
  const problems: StorageError[] = [];
  for (const load of loads) {
    try {
      return await use(await load());
    } catch (error) {
      if (!isDriverMissing(error)) throw error;
      problems.push(error);
    }
  }
  const needed = 'A sqlite: URL needs better-sqlite3 or a Node.js with a SQLite of its own.';
  // Some end with a command, which the next would run into.
  const ways = problems.map((problem) => problem.message.replace(/\.$/, '')).join('; otherwise: ');
  throw driverMissing(`${needed} ${ways}`, new AggregateError(problems));
}

type CreateFileStorage = (options: { filename: string; readOnly: boolean }) => Storage;

/** @throws `STORAGE_DRIVER_MISSING` also where its driver is installed and does not run: another one may. */
async function betterSqlite3(): Promise<CreateFileStorage> {
  try {
    const found = await import('@gati-framework/storage-better-sqlite3');
    found.assertDriverRuns();
    return found.createBetterSqlite3Storage;
  } catch (error) {
    throw missingWay(error, 'better-sqlite3');
  }
}

/** As {@link betterSqlite3}. */
async function nodeSqlite(): Promise<CreateFileStorage> {
  try {
    const found = await import('@gati-framework/storage-node-sqlite');
    found.assertDriverRuns();
    return found.createNodeSqliteStorage;
  } catch (error) {
    throw missingWay(error, 'node-sqlite');
  }
}

const POSTGRES: Scheme = {
  form: 'postgres://user@host:5432/database?schema=gati',
  names: 'server',
  async open(rest, { readOnly, timeout }) {
    try {
      const { createPostgresStorage } = await import('@gati-framework/storage-postgres');
      return createPostgresStorage({
        connectionString: `postgres:${rest}`,
        readOnly,
        ...postgresTimes(timeout),
      });
    } catch (error) {
      throw missingOr(error, 'postgres', '@gati-framework/storage-postgres pg');
    }
  },
};

/** An attempt to connect is one of several, or all that there is time for. */
export function postgresTimes(timeout: number | undefined): {
  retryTimeout?: number;
  connectTimeout?: number;
} {
  return timeout === undefined ? {} : { retryTimeout: timeout, connectTimeout: timeout };
}

export function etcdTimes(timeout: number | undefined): { retryTimeout?: number } {
  return timeout === undefined ? {} : { retryTimeout: timeout };
}

const ETCD: Scheme = {
  form: 'etcd://host1:2379,host2:2379/gati',
  names: 'server',
  async open(rest, { readOnly, timeout }) {
    try {
      const { createEtcdStorage } = await import('@gati-framework/storage-etcd');
      return createEtcdStorage({ connectionString: `etcd:${rest}`, readOnly, ...etcdTimes(timeout) });
    } catch (error) {
      throw missingOr(error, 'etcd', '@gati-framework/storage-etcd');
    }
  },
};

/** Every kind of store that a URL can name, by what stands before the colon. */
export const SCHEMES: ReadonlyMap<string, Scheme> = new Map([
  ['memory', MEMORY],
  ['sqljs', SQLJS],
  ['sqlite', SQLITE],
  ['postgres', POSTGRES],
  ['postgresql', POSTGRES],
  ['etcd', ETCD],
]);

const WAYS = {
  'better-sqlite3': 'For better-sqlite3: npm install @gati-framework/storage-better-sqlite3 better-sqlite3.',
  'node-sqlite': 'For Node.js 22.22.3, 24.15 or newer: npm install @gati-framework/storage-node-sqlite.',
} as const;

/** What an import of one of several packages came to. */
export function missingWay(error: unknown, way: keyof typeof WAYS): unknown {
  return isMissingModule(error) ? driverMissing(WAYS[way], error) : error;
}

/** What an import of a backend came to, in words that say what installs it. */
export function missingOr(error: unknown, scheme: string, packages: string): unknown {
  if (!isMissingModule(error)) return error;
  return driverMissing(
    `A ${scheme}: URL needs packages that are not installed: npm install ${packages}`,
    error,
  );
}

function driverMissing(message: string, cause: unknown): StorageError {
  return new StorageError('STORAGE_DRIVER_MISSING', message, { cause });
}

function isDriverMissing(error: unknown): error is StorageError {
  return error instanceof StorageError && error.code === 'STORAGE_DRIVER_MISSING';
}

/** Vite puts an error of its own, without a code, in the place of what it did not find. */
export function isMissingModule(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return true;
  return String(message).startsWith('Could not resolve "@gati-framework/');
}
