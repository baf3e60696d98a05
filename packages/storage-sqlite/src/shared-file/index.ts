export { type ConnectOptions, FileConnection, type FileDriver } from './file-driver.js';
export {
  type FileOptions,
  type LentConnection,
  type ResolvedFileOptions,
  resolveFileOptions,
  type TuningOptions,
} from './options.js';
export { SharedFileHost } from './shared-file-host.js';
