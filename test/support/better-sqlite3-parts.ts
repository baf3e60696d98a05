import { SqliteRecordDriver } from '@gati-framework/storage-sqlite';
import {
  type FileOptions,
  type ResolvedFileOptions,
  resolveFileOptions,
  SharedFileHost,
} from '@gati-framework/storage-sqlite/shared-file';
import { BETTER_SQLITE3 } from '../../packages/storage-better-sqlite3/dist/better-sqlite3-driver.js';
import { lend } from '../../packages/storage-better-sqlite3/dist/options.js';

/** What `createBetterSqlite3Storage` puts together, in parts. */
export function betterSqlite3Parts(
  given: FileOptions,
  steps?: readonly string[],
): { readonly driver: SqliteRecordDriver; readonly options: ResolvedFileOptions } {
  const options = resolveFileOptions(given, lend);
  const driver = new SqliteRecordDriver(new SharedFileHost(BETTER_SQLITE3, options), options, steps);
  return { driver, options };
}
