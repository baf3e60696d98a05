// Every backend, as the experiments see it: a new one is one more entry. Each is loaded by who uses it, as many short
// processes do.
import { currentNode } from '../../scripts/current-node.mjs';
import { etcdBinaries } from '../../scripts/etcd.mjs';
import { integrityOf } from './integrity.mjs';

/** The Node.js that better-sqlite3 was installed for, where another one runs this. */
const OTHER_NODE = process.env.GATI_OTHER_NODE ?? process.execPath;

/** Milliseconds. A cached read of PostgreSQL may be two of them old. */
const POLL_INTERVAL = 200;

/** Milliseconds for which a call to a server is tried. Short, so that outages last longer, too. */
const RETRY_TIMEOUT = 4_000;

const ignore = () => {};
const SILENT = { info: ignore, warn: ignore, error: ignore };

/**
 * @typedef {object} Backend
 * @property {(place: string, options?: object) => Promise<import('@gati-framework/manifest-store').Storage>} create
 * @property {'file' | 'server' | 'memory'} kind Where a store is: `place` is a path, a URL, or nothing.
 * @property {boolean} isShared Whether several processes may write at once.
 * @property {string} execPath The Node.js that runs its processes.
 * @property {readonly string[]} [execArgv] What that is told.
 * @property {number} [bound] How old a cached read may be, in milliseconds. Absent: no older than anything acknowledged.
 * @property {(place: string) => Promise<string>} [integrity] What the database says of itself: `ok`.
 * @property {() => Promise<object>} [backup] Its module of backups, where it has one.
 * @property {(place: string) => Promise<void>} [drop] Removes a store that is not in a file.
 * @property {() => boolean} [isThere] Whether this machine has what it needs; absent where npm brings all of it.
 * @property {'postgres' | 'etcd'} [server] What has to run for it, see `servers.mjs`.
 */

/** @type {Readonly<Record<string, Backend>>} */
export const BACKENDS = {
  memory: {
    create: async (_, options) =>
      (await import('@gati-framework/manifest-store')).createInMemoryStorage(options),
    kind: 'memory',
    isShared: false,
    execPath: process.execPath,
  },
  'better-sqlite3': {
    create: async (filename, options) => {
      const { createBetterSqlite3Storage } = await import('@gati-framework/storage-better-sqlite3');
      return createBetterSqlite3Storage({ filename, ...options });
    },
    backup: () => import('@gati-framework/storage-better-sqlite3'),
    kind: 'file',
    isShared: true,
    execPath: OTHER_NODE,
    integrity: integrityOf,
  },
  'node-sqlite': {
    create: async (filename, options) => {
      const { createNodeSqliteStorage } = await import('@gati-framework/storage-node-sqlite');
      return createNodeSqliteStorage({ filename, ...options });
    },
    backup: () => import('@gati-framework/storage-node-sqlite'),
    kind: 'file',
    isShared: true,
    execPath: currentNode(),
    integrity: integrityOf,
  },
  sqljs: {
    create: async (filename, options) => {
      const { createSqlJsStorage } = await import('@gati-framework/storage-sqljs');
      // Its processes are killed, so that the next one finds what a crash leaves.
      return createSqlJsStorage({ filename, onRecovery: () => {}, log: SILENT, ...options });
    },
    backup: () => import('@gati-framework/storage-sqljs/backup'),
    kind: 'file',
    isShared: false,
    execPath: process.execPath,
    // A third of what a short process takes goes into optimizing its WebAssembly, which none lives long enough to gain by.
    execArgv: ['--liftoff-only'],
    integrity: integrityOf,
  },
  postgres: {
    create: async (connectionString, options) => {
      const { createPostgresStorage } = await import('@gati-framework/storage-postgres');
      const defaults = { pollInterval: POLL_INTERVAL, retryTimeout: RETRY_TIMEOUT, log: () => {} };
      return createPostgresStorage({ connectionString, ...defaults, ...options });
    },
    kind: 'server',
    isShared: true,
    execPath: process.execPath,
    bound: 2 * POLL_INTERVAL,
    server: 'postgres',
    drop: async (place) => (await import('./database.mjs')).dropSchema(place),
  },
  etcd: {
    create: async (connectionString, options) => {
      const { createEtcdStorage } = await import('@gati-framework/storage-etcd');
      const defaults = { pollInterval: POLL_INTERVAL, retryTimeout: RETRY_TIMEOUT, log: SILENT };
      return createEtcdStorage({ connectionString, ...defaults, ...options });
    },
    kind: 'server',
    isShared: true,
    execPath: process.execPath,
    bound: 2 * POLL_INTERVAL,
    server: 'etcd',
    isThere: () => etcdBinaries() !== undefined,
    drop: async (place) => (await import('./database.mjs')).dropPrefix(place),
  },
};

/**
 * Codes of errors that calls which are in order may meet all the same, by where a store is: somebody else holds the store, or its
 * server is away.
 */
export const REFUSALS = {
  memory: [],
  file: ['STORAGE_LOCKED'],
  server: ['STORAGE_LOCKED', 'STORAGE_UNAVAILABLE', 'STORAGE_IN_DOUBT'],
};

/** The same where calls are made to fail from below. */
export const FAILURES = ['STORAGE_FAILED', 'STORAGE_FULL', 'STORAGE_UNAVAILABLE', 'STORAGE_IN_DOUBT'];

/**
 * Options with which a server is waited for that a busy machine keeps waiting: one attempt to connect may take longer than calls are
 * tried otherwise, and where nothing happens to a server, that it is not there is no answer.
 */
export function patiently(backend) {
  return BACKENDS[backend].kind === 'server' ? { retryTimeout: 120_000 } : {};
}
