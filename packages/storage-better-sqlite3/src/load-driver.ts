import { StorageError } from '@gati-framework/manifest-store';
import { errorCode, fromInstalled } from '@gati-framework/storage-sqlite/shared-file';
import type Database from 'better-sqlite3';

/**
 * The better-sqlite3 that the application installed. It is loaded on first use,
 * so that importing this package never fails.
 */
export function loadDriver(): typeof Database {
  try {
    return fromInstalled(import.meta.url, (require) => {
      const { version }: { version: string } = require('better-sqlite3/package.json');
      assertRunsHere(version, process.versions.node);
      const driver: typeof Database = require('better-sqlite3');
      return driver;
    });
  } catch (cause) {
    if (cause instanceof StorageError) throw cause;
    throw new StorageError(
      'STORAGE_DRIVER_MISSING',
      'The package better-sqlite3 cannot be loaded. Install it beside this one: npm install better-sqlite3. A bundle does ' +
        'not hold it: it must be installed where the bundle runs.',
      { cause },
    );
  }
}

/** better-sqlite3 13 does not refuse an older Node: it crashes the process, so it must not be loaded there. */
export function assertRunsHere(driverVersion: string, nodeVersion: string): void {
  if (Number.parseInt(driverVersion, 10) < 13 || Number.parseInt(nodeVersion, 10) >= 22) return;
  throw new StorageError(
    'STORAGE_DRIVER_MISSING',
    `better-sqlite3 ${driverVersion} needs Node.js 22 or newer, and this is ${nodeVersion}. ` +
      'Update Node.js, or install the older driver: npm install better-sqlite3@12',
  );
}

/** What better-sqlite3 threw, when that is because its binary does not run here. */
export function withoutBinary(error: unknown): StorageError | undefined {
  const message = String(error);
  const { bun, deno }: Readonly<Record<string, string | undefined>> = process.versions;
  const isMissing = message.includes('bindings file') || errorCode(error) === 'ERR_DLOPEN_FAILED';
  if (bun === undefined && deno === undefined) {
    return isMissing
      ? driverMissing(
          'better-sqlite3 is installed without a binary for this Node.js. Build it: npm rebuild better-sqlite3',
          error,
        )
      : undefined;
  }
  if (!isMissing && !/native addon|module root|ffi access/i.test(message)) return undefined;
  const runtime = bun === undefined ? `Deno ${deno}` : `Bun ${bun}`;
  return driverMissing(
    `better-sqlite3 does not run on ${runtime}. Use storage-node-sqlite or storage-sqljs there, which keep the same file.`,
    error,
  );
}

function driverMissing(message: string, cause: unknown): StorageError {
  return new StorageError('STORAGE_DRIVER_MISSING', message, { cause });
}
