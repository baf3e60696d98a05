import { StorageError } from '@gati-framework/manifest-store';
import type { BackupFunction, NodeSqlite } from './node-sqlite-module.js';

const OTHERS =
  'Use Node.js 22.22.3, 24.15 or newer, or a package that keeps the same file: npm install ' +
  '@gati-framework/storage-better-sqlite3 better-sqlite3, or @gati-framework/storage-sqljs sql.js';

let loaded: NodeSqlite | undefined;

/**
 * The SQLite that Node.js carries. It is loaded on first use, so that importing this
 * package never fails, and unseen by bundlers.
 *
 * @throws `STORAGE_DRIVER_MISSING` where there is none.
 */
export function loadNodeSqlite(): NodeSqlite {
  loaded ??= withoutItsWarning(() => usable(process.getBuiltinModule?.('node:sqlite')));
  return loaded;
}

/** The module, if it is one that can yield rows as arrays: the first versions could not. */
export function usable(found: object | undefined): NodeSqlite {
  if (isNodeSqlite(found)) return found;
  const what = found === undefined ? 'no node:sqlite' : 'a node:sqlite that lacks what is needed';
  throw new StorageError('STORAGE_DRIVER_MISSING', `${runtime()} has ${what}. ${OTHERS}`);
}

/** @throws `STORAGE_DRIVER_MISSING` where databases cannot be copied while they are used. */
export function backupFunction(): BackupFunction {
  const { backup } = loadNodeSqlite();
  if (backup !== undefined) return backup;
  throw new StorageError(
    'STORAGE_DRIVER_MISSING',
    `${runtime()} has a node:sqlite that cannot back up a database. ${OTHERS}`,
  );
}

/** For a SQLite that could damage what several connections use. */
export function outdated(sqliteVersion: string): StorageError {
  return new StorageError(
    'STORAGE_DRIVER_MISSING',
    `${runtime()} carries SQLite ${sqliteVersion}, which can damage a database that several connections use. ${OTHERS}`,
  );
}

function isNodeSqlite(found: object | undefined): found is NodeSqlite {
  if (found === undefined || !('DatabaseSync' in found) || !('StatementSync' in found)) return false;
  const { StatementSync } = found;
  return typeof StatementSync === 'function' && 'setReturnArrays' in StatementSync.prototype;
}

function runtime(): string {
  const { bun, deno, node }: Readonly<Record<string, string | undefined>> = process.versions;
  if (bun !== undefined) return `Bun ${bun}`;
  return deno === undefined ? `Node.js ${node}` : `Deno ${deno}`;
}

/**
 * Node.js 22 tells once in each process that its SQLite is experimental, in the very call that
 * loads it. Whoever chose this package knows; every other warning goes on.
 */
function withoutItsWarning<T>(load: () => T): T {
  const { emitWarning } = process;
  const filtered = (...given: unknown[]): void => {
    const [warning, type] = given;
    const isIts =
      type === 'ExperimentalWarning' && String(warning).startsWith('SQLite is an experimental feature');
    if (!isIts) Reflect.apply(emitWarning, process, given);
  };
  process.emitWarning = filtered;
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
