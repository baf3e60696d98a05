export {
  type CommitLog,
  encodeLog,
  type LogBase,
  type LogEntry,
  parseLog,
} from './log/commit-log.js';
export { APPLICATION_ID, SCHEMA_STEPS as MIGRATIONS } from './schema/schema.js';
export type {
  OpenedStore,
  SqliteDatabase,
  SqliteHost,
  SqliteRow,
  SqliteStatement,
  SqliteValue,
} from './sqlite-database.js';
export { SqliteRecordDriver, type SqliteRecordDriverOptions } from './sqlite-record-driver.js';
export { translateSqliteError } from './translate-error.js';
