import { createInMemoryStorage, type Storage, StorageError } from '@gati-framework/manifest-store';

/** A kind of store that a URL can name. */
export interface Scheme {
  /** How such a URL is written. */
  readonly form: string;
  /** What stands behind the colon. */
  readonly names: 'nothing' | 'file' | 'server';
  /** @param rest What stands behind the colon. */
  open(rest: string, options: { readonly readOnly: boolean }): Promise<Storage>;
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
  async open(filename, { readOnly }) {
    try {
      const { createBetterSqlite3Storage } = await import('@gati-framework/storage-better-sqlite3');
      return createBetterSqlite3Storage({ filename, readOnly });
    } catch (error) {
      throw missingOr(error, 'sqlite', '@gati-framework/storage-better-sqlite3 better-sqlite3');
    }
  },
};

const POSTGRES: Scheme = {
  form: 'postgres://user@host:5432/database?schema=gati',
  names: 'server',
  async open(rest, { readOnly }) {
    try {
      const { createPostgresStorage } = await import('@gati-framework/storage-postgres');
      return createPostgresStorage({ connectionString: `postgres:${rest}`, readOnly });
    } catch (error) {
      throw missingOr(error, 'postgres', '@gati-framework/storage-postgres pg');
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
]);

/** What an import of a backend came to, in words that say what installs it. */
export function missingOr(error: unknown, scheme: string, packages: string): unknown {
  if (!isMissingModule(error)) return error;
  return new StorageError(
    'STORAGE_DRIVER_MISSING',
    `A ${scheme}: URL needs packages that are not installed: npm install ${packages}`,
    { cause: error },
  );
}

/** Vite puts an error of its own, without a code, in the place of what it did not find. */
function isMissingModule(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return true;
  return String(message).startsWith('Could not resolve "@gati-framework/');
}
