// All that the package of a driver needs, so that it loads this entry point and no other.

export { errorCode } from '../files/error-code.js';
export { fileError } from '../files/file-error.js';
export { fromInstalled } from '../files/installed.js';
export { SqliteRecordDriver } from '../sqlite-record-driver.js';
export { type BackUpFile, backUpWith } from './back-up-file.js';
export { type ConnectOptions, type CopiedPages, FileConnection, type FileDriver } from './file-driver.js';
export {
  type FileOptions,
  type LentConnection,
  type ResolvedFileOptions,
  resolveFileOptions,
  type TuningOptions,
} from './options.js';
export { SharedFileHost } from './shared-file-host.js';
export { tryDriver } from './try-driver.js';
