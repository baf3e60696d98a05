import { StorageError } from '@gati-framework/manifest-store';
import type pg from 'pg';

/**
 * The `pg` that the application installed. It is imported on first use, so that
 * importing this package never fails, and a pool of the caller's needs none;
 * bundlers see what is meant and take it along.
 */
export async function loadDriver(): Promise<typeof pg> {
  try {
    return (await import('pg')).default;
  } catch (cause) {
    throw new StorageError(
      'STORAGE_DRIVER_MISSING',
      'The package pg cannot be loaded. Install it beside this one, or give a pool of yours: npm install pg',
      { cause },
    );
  }
}
