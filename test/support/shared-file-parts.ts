import { SqliteRecordDriver } from '@gati-framework/storage-sqlite';
import {
  type FileDriver,
  type FileOptions,
  type ResolvedFileOptions,
  resolveFileOptions,
  SharedFileHost,
} from '@gati-framework/storage-sqlite/shared-file';

/** What the factory of a package that shares a file puts together, in parts. */
export function sharedFileParts(
  fileDriver: FileDriver,
  given: FileOptions,
  steps?: readonly string[],
): { readonly driver: SqliteRecordDriver; readonly options: ResolvedFileOptions } {
  const options = resolveFileOptions(given, notLent);
  const driver = new SqliteRecordDriver(new SharedFileHost(fileDriver, options), options, steps);
  return { driver, options };
}

function notLent(): never {
  throw new Error('There is no connection to lend.');
}
