// The backends that keep a store in a file, all of them in the same format.
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';

export const BACKENDS = {
  'better-sqlite3': {
    create: (filename, options) => createBetterSqlite3Storage({ filename, ...options }),
    /** Whether several processes may write at once. */
    isShared: true,
  },
  sqljs: {
    // The writers are killed, so that the next one finds what a crash leaves.
    create: (filename, options) => createSqlJsStorage({ filename, onRecovery: () => {}, ...options }),
    isShared: false,
  },
};
