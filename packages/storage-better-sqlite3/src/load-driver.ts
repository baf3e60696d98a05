import { createRequire } from 'node:module';
import { StorageError } from '@gati-framework/manifest-store';
import type Database from 'better-sqlite3';

const require = createRequire(import.meta.url);

/**
 * The better-sqlite3 that the application installed. It is loaded on first use,
 * so that importing this package never fails.
 */
export function loadDriver(): typeof Database {
  try {
    const { version } = require('better-sqlite3/package.json') as { version: string };
    assertRunsHere(version, process.versions.node);
    return require('better-sqlite3') as typeof Database;
  } catch (cause) {
    if (cause instanceof StorageError) throw cause;
    throw new StorageError(
      'STORAGE_DRIVER_MISSING',
      'The package better-sqlite3 cannot be loaded. Install it beside this one: npm install better-sqlite3',
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
