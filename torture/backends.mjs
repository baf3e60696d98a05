// The backends that keep a store in a file, all of them in the same format.
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createNodeSqliteStorage } from '@gati-framework/storage-node-sqlite';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { currentNode } from '../scripts/current-node.mjs';

/** The Node.js that better-sqlite3 was installed for, where another one runs this. */
const OTHER_NODE = process.env.GATI_OTHER_NODE ?? process.execPath;

export const BACKENDS = {
  'better-sqlite3': {
    create: (filename, options) => createBetterSqlite3Storage({ filename, ...options }),
    backup: () => import('@gati-framework/storage-better-sqlite3/backup'),
    /** Whether several processes may write at once. */
    isShared: true,
    /** The Node.js that runs its writers. */
    execPath: OTHER_NODE,
  },
  'node-sqlite': {
    create: (filename, options) => createNodeSqliteStorage({ filename, ...options }),
    backup: () => import('@gati-framework/storage-node-sqlite/backup'),
    isShared: true,
    execPath: currentNode(),
  },
  sqljs: {
    // The writers are killed, so that the next one finds what a crash leaves.
    create: (filename, options) => createSqlJsStorage({ filename, onRecovery: () => {}, ...options }),
    isShared: false,
    execPath: process.execPath,
  },
};
