import { guard } from '../as-storage-error.js';
import type { FileDriver } from './file-driver.js';
import { resolveFileOptions } from './options.js';
import { SharedFileHost } from './shared-file-host.js';

/**
 * Opens a database in memory, to find out whether a driver runs here and can share a file.
 *
 * @throws StorageError `STORAGE_DRIVER_MISSING`, or what else is wrong with it.
 */
export function tryDriver(driver: FileDriver): void {
  const host = new SharedFileHost(driver, resolveFileOptions({ filename: ':memory:' }, notLent));
  guard(host, () => host.close(host.open()));
}

function notLent(): never {
  throw new TypeError('There is no connection to lend.');
}
