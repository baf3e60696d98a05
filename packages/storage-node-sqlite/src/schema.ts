// What can be known of a file without opening it as a store, for tools.
export { schemaScript } from '@gati-framework/storage-sqlite';
export { type FileInspection, inspectFile } from '@gati-framework/storage-sqlite/files';
