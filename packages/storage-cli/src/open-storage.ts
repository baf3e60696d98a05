import { createInMemoryStorage, type Storage, StorageError } from '@gati-framework/manifest-store';

export interface OpenStorageOptions {
  /** Open a store that exists, only to read it. */
  readOnly?: boolean;
}

interface Scheme {
  /** How such a URL is written. */
  readonly form: string;
  /** Package to install when it is missing. */
  readonly packages?: string;
  /** The file that a URL names. */
  file?(rest: string): string;
  /** Whether a URL names a server. */
  readonly isServer?: boolean;
  open(rest: string, options: Required<OpenStorageOptions>): Promise<Storage>;
}

const POSTGRES: Scheme = {
  form: 'postgres://user@host:5432/database?schema=gati',
  packages: '@gati-framework/storage-postgres pg',
  isServer: true,
  open: async (rest, { readOnly }) => {
    const { createPostgresStorage } = await import('@gati-framework/storage-postgres');
    return createPostgresStorage({
      connectionString: `postgres:${rest}`,
      readOnly,
      applicationName: 'gati-storage',
    });
  },
};

/** As long as `sqlite:` waits for a writer, so that imports that run at once take turns. */
const LOCK_TIMEOUT = 10_000;

/** Every kind of store that a URL can name. */
const SCHEMES: ReadonlyMap<string, Scheme> = new Map<string, Scheme>([
  [
    'memory',
    {
      form: 'memory:',
      open: async () => createInMemoryStorage(),
    },
  ],
  [
    'sqljs',
    {
      form: 'sqljs:./gati.db',
      packages: '@gati-framework/storage-sqljs sql.js',
      file: (rest) => rest,
      open: async (filename, { readOnly }) => {
        const { createSqlJsStorage } = await import('@gati-framework/storage-sqljs');
        return createSqlJsStorage({ filename, readOnly, lockTimeout: LOCK_TIMEOUT });
      },
    },
  ],
  [
    'sqlite',
    {
      form: 'sqlite:./gati.db',
      packages: '@gati-framework/storage-better-sqlite3 better-sqlite3',
      file: (rest) => rest,
      open: async (filename, { readOnly }) => {
        const { createBetterSqlite3Storage } = await import('@gati-framework/storage-better-sqlite3');
        return createBetterSqlite3Storage({ filename, readOnly });
      },
    },
  ],
  ['postgres', POSTGRES],
  ['postgresql', { ...POSTGRES, form: '' }],
]);

/**
 * The storage that a URL names: `sqljs:./gati.db` for a file that needs no
 * native build and is one process's at a time, `sqlite:./gati.db` for one that
 * processes share, `postgres://...` for a server that instances share,
 * `memory:`. Like every storage, it opens on first use.
 */
export async function openStorage(url: string, options: OpenStorageOptions = {}): Promise<Storage> {
  const { scheme, rest } = parseStorageUrl(url);
  try {
    return await scheme.open(rest, { readOnly: options.readOnly ?? false });
  } catch (error) {
    if (scheme.packages === undefined || !isMissingModule(error)) throw error;
    throw new StorageError(
      'STORAGE_DRIVER_MISSING',
      `"${withoutPassword(url)}" needs packages that are not installed: npm install ${scheme.packages}`,
      { cause: error },
    );
  }
}

/** The file that a URL names, if it names one. */
export function storageFile(url: string): string | undefined {
  const { scheme, rest } = parseStorageUrl(url);
  return scheme.file?.(rest);
}

function parseStorageUrl(url: string): { scheme: Scheme; rest: string } {
  const match = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url);
  const scheme = match === null ? undefined : SCHEMES.get((match[1] as string).toLowerCase());
  if (match === null || scheme === undefined) {
    const forms = [...SCHEMES.values()].flatMap(({ form }) => form || []).join(', ');
    throw invalidUrl(
      `"${withoutPassword(url)}" does not name a store that is available; write one of ${forms}.`,
    );
  }
  const rest = (match[2] as string).trim();
  if (scheme.file !== undefined) assertFile(url, rest, scheme);
  if (scheme.isServer !== true && scheme.file === undefined && rest !== '')
    throw invalidUrl(`"${url}" must be just ${scheme.form}.`);
  return { scheme, rest };
}

function assertFile(url: string, rest: string, { form }: Scheme): void {
  if (rest === '') throw invalidUrl(`"${url}" names no file; write ${form}.`);
  if (/^\/\/[^/]/.test(rest)) {
    const [scheme] = url.split(':', 1);
    const file = rest.slice(2);
    throw invalidUrl(
      `"${url}" would be the file /${file}; write ${scheme}:${file}, or ${scheme}:/${file} if that is meant.`,
    );
  }
  if (rest.includes('?')) {
    throw invalidUrl(
      `"${url}" has parameters, and ${form} takes none; a file's name in a URL has no question mark.`,
    );
  }
}

function invalidUrl(message: string): StorageError {
  return new StorageError('INVALID_OPTIONS', message, { path: 'url' });
}

function withoutPassword(url: string): string {
  return url.replace(/(:\/\/[^/?#:@]*:)[^/?#@]*@/, '$1***@');
}

function isMissingModule(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}
