import { createRequire } from 'node:module';
import { StorageError } from '@gati-framework/manifest-store';
import type pg from 'pg';
import type { parseIntoClientConfig } from 'pg-connection-string';

const require = createRequire(import.meta.url);

/**
 * The `pg` that the application installed. It is loaded on first use, so that
 * importing this package never fails, and a pool of the caller's needs none.
 */
export function loadDriver(): typeof pg {
  return load('pg') as typeof pg;
}

export function loadConnectionStringParser(): typeof parseIntoClientConfig {
  const parser = load('pg-connection-string') as { parseIntoClientConfig: typeof parseIntoClientConfig };
  return parser.parseIntoClientConfig;
}

function load(name: 'pg' | 'pg-connection-string'): unknown {
  try {
    return require(name);
  } catch (cause) {
    throw new StorageError(
      'STORAGE_DRIVER_MISSING',
      `The package ${name} cannot be loaded. Install it beside this one, or give a pool of yours: npm install pg`,
      { cause },
    );
  }
}
