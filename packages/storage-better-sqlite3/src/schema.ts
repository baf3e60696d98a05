// What can be known of a file without opening it as a store, for tools.
import { APPLICATION_ID, MIGRATIONS } from '@gati-framework/storage-sqlite';
import { type FileInspection, inspectFile as inspect } from '@gati-framework/storage-sqlite/files';

export { schemaScript } from '@gati-framework/storage-sqlite';
export { type FileInspection, removeUnused, stateOfFile } from '@gati-framework/storage-sqlite/files';

/**
 * Looks at a file, which need not be there, and changes nothing.
 *
 * @throws StorageError `STORAGE_FOREIGN` when the file is of something else, `STORAGE_UNAVAILABLE` for what is no file.
 */
export function inspectFile(filename: string): FileInspection {
  return inspect(filename, { applicationId: APPLICATION_ID, knownVersion: MIGRATIONS.length });
}
