import type { FileConnection, FileDriver } from './file-driver.js';

/** Before it, SQLite could damage a database in WAL mode when two connections checkpoint at once. */
const OLDEST: readonly number[] = [3, 51, 3];

/**
 * Refuses a driver whose SQLite could damage what several connections use.
 *
 * @throws `STORAGE_DRIVER_MISSING`
 */
export function assertSafeVersion(driver: FileDriver, connection: FileConnection): void {
  const version = String(connection.prepareValue('SELECT sqlite_version()')());
  if (!isSafeVersion(version)) throw driver.outdated(version);
}

/** @param version Of SQLite, such as `3.51.3`. */
function isSafeVersion(version: string): boolean {
  const parts = version.split('.').map(Number);
  const difference = OLDEST.map((part, i) => (parts[i] ?? 0) - part).find((d) => d !== 0) ?? 0;
  return difference >= 0;
}
