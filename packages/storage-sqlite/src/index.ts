export { type CommitLog, type LogBase, type LogEntry, parseLog } from './log/commit-log.js';
export { encodeLog, encodeLogInSlices } from './log/encode-log.js';
export { type Recovery, tellOfRecovery } from './log/recovery.js';
export { APPLICATION_ID, SCHEMA_STEPS as MIGRATIONS } from './schema/schema.js';
export { schemaScript } from './schema/schema-script.js';
export type { SqliteDatabase, SqliteRow, SqliteStatement, SqliteValue } from './sqlite-database.js';
export type { CommitKeeper, OpenedStore, Reader, SharedFile, SqliteHost, StorePlace } from './sqlite-host.js';
export { SqliteRecordDriver, type SqliteRecordDriverOptions } from './sqlite-record-driver.js';
export { translateSqliteError } from './translate-error.js';
