import type { ConnectionOptions } from 'node:tls';
import {
  DEFAULT_MAX_RECORD_BYTES,
  guardInput,
  readCount,
  readOptions,
} from '@gati-framework/manifest-store/backend';
import type pg from 'pg';
import type { PostgresPool } from '../connections/postgres-pool.js';
import { invalid } from './invalid-option.js';
import { readName } from './names.js';
import { readUrlParameters } from './read-url-parameters.js';
import { readServers } from './servers.js';

export interface PostgresStorageOptions {
  /**
   * `postgres://user:password@host:5432/database`; several hosts are separated
   * by commas. What it leaves out comes from the environment (`PGHOST`,
   * `PGUSER`, `PGPASSWORD`, ...), as with every PostgreSQL client. Its parameters are
   * PostgreSQL's (`sslmode`, ...) and `schema`, `pooler`; others are refused.
   */
  connectionString?: string;
  /**
   * Servers of one cluster, `host` or `host:port`, instead of the host in
   * `connectionString`: whichever of them can be written to is used.
   */
  hosts?: readonly string[];
  user?: string;
  /** Or a function that yields a fresh one for each connection. */
  password?: string | (() => string | Promise<string>);
  database?: string;
  /** TLS: `true`, or options such as `{ ca }`. A certificate that is not trusted is refused. */
  ssl?: boolean | ConnectionOptions;
  /**
   * A `pg.Pool` of yours, instead of all of the above. It stays yours:
   * `close()` gives its connections back and leaves it open. It needs one
   * connection for each storage, two for all of them, and what else uses it.
   */
  pool?: PostgresPool;
  /** Schema that holds the store. Default: what the connection string says (`?schema=`), else `gati`. */
  schema?: string;
  /** Make and upgrade the schema when needed. Default: true; `false` for a role that may not. */
  migrate?: boolean;
  /** Only read; a standby will do. */
  readOnly?: boolean;
  /**
   * `cached` (default): records are served from memory while the change feed
   * is known to be alive, and are then at most two `pollInterval`s old, usually
   * a few milliseconds. `strong`: every read asks the database.
   */
  consistency?: 'cached' | 'strong';
  /**
   * Connections go through a pooler in transaction mode, such as PgBouncer:
   * no prepared statements, no LISTEN, no settings of the session.
   */
  pooler?: boolean;
  /** Prepare statements. Default: unless `pooler`. */
  preparedStatements?: boolean;
  /** Hear of commits through LISTEN; else by polling alone. Default: unless `pooler`. */
  listen?: boolean;
  /** How often the feed asks for what notifications may have missed, in milliseconds. Default: 1,000. */
  pollInterval?: number;
  /** Shown in `pg_stat_activity`. Default: `gati-storage`. */
  applicationName?: string;
  /** Most connections at once, beside the one that listens; all but two may be held by `entries()`. Default: 10. */
  poolSize?: number;
  /** How long a call goes on trying while the server cannot be reached, from when it was lost, in milliseconds. Default: 10,000. */
  retryTimeout?: number;
  /** How long one attempt to connect, or to get a connection of a full pool, may take, in milliseconds. Default: 5,000. */
  connectTimeout?: number;
  /** How long a statement may run, in milliseconds. Default: 30,000. */
  statementTimeout?: number;
  /** How long a commit waits for the commit of another process, in milliseconds. Default: 10,000. */
  lockTimeout?: number;
  /** How long an unused connection stays open, in milliseconds. Default: 30,000. */
  idleTimeout?: number;
  /** How long `entries()` waits for its consumer between two pages, in milliseconds. Default: 60,000. */
  scanIdleTimeout?: number;
  /** How many changes `watch` can replay. Default: 100,000. */
  historyLimit?: number;
  /** Largest record, in bytes of its JSON text. Default: 16 MiB. */
  maxRecordBytes?: number;
  /** Bound for the read cache, in bytes of heap, about. Default: 64 MiB. */
  cacheSize?: number;
  /** Where trouble with connections is told, at most one line a second. Default: `console.warn`. */
  log?: (line: string) => void;
}

/** How to reach one server. */
export type ServerConfig = pg.ClientConfig;

/** Options with nothing left to decide. */
export interface ResolvedOptions {
  /** None when there is a pool of the caller's. */
  readonly servers: readonly ServerConfig[];
  readonly pool: PostgresPool | undefined;
  readonly schema: string;
  readonly migrate: boolean;
  readonly readOnly: boolean;
  /** Sessions are shared with others, who must find them as they were. */
  readonly pooler: boolean;
  readonly consistency: 'cached' | 'strong';
  readonly preparedStatements: boolean;
  readonly listen: boolean;
  readonly pollInterval: number;
  readonly poolSize: number;
  readonly retryTimeout: number;
  readonly connectTimeout: number;
  readonly statementTimeout: number;
  readonly lockTimeout: number;
  readonly scanIdleTimeout: number;
  readonly idleTimeout: number;
  readonly historyLimit: number;
  readonly maxRecordBytes: number;
  readonly cacheSize: number;
  readonly log: (line: string) => void;
}

const CONNECTION = ['connectionString', 'hosts', 'user', 'password', 'database', 'ssl'] as const;
const KNOWN = [
  ...CONNECTION,
  ...['pool', 'schema', 'migrate', 'readOnly', 'consistency', 'pooler', 'preparedStatements', 'listen'],
  ...['pollInterval', 'applicationName', 'poolSize', 'retryTimeout', 'connectTimeout', 'statementTimeout'],
  ...['lockTimeout', 'idleTimeout', 'scanIdleTimeout', 'historyLimit', 'maxRecordBytes', 'cacheSize', 'log'],
];

/** Longer timers than this fire at once, and the server refuses longer timeouts; nobody waits 24 days. */
const LONGEST_TIME = 2 ** 31 - 10_000;

export function resolveOptions(given: PostgresStorageOptions): ResolvedOptions {
  return guardInput('options', 'INVALID_OPTIONS', () => resolve(given));
}

function resolve(given: PostgresStorageOptions): ResolvedOptions {
  const known = readOptions(given, KNOWN);
  assertServerNamed(given, known);
  const options = withUrlParameters(known);
  const { pool, consistency = 'cached', log = (line) => console.warn(line) } = options;
  const flag = (
    name: 'migrate' | 'readOnly' | 'pooler' | 'preparedStatements' | 'listen',
    fallback: boolean,
  ) => readFlag(options[name], `options.${name}`, fallback);
  const count = (name: CountOption, fallback: number): number =>
    readCount(options[name], `options.${name}`, fallback);
  const time = (name: CountOption, fallback: number): number => Math.min(count(name, fallback), LONGEST_TIME);
  if (consistency !== 'cached' && consistency !== 'strong')
    throw invalid('options.consistency', "must be 'cached' or 'strong'");
  if (typeof log !== 'function') throw invalid('options.log', 'must be a function');
  const pooler = flag('pooler', false);
  const readOnly = flag('readOnly', false);
  const timeouts = {
    statement: time('statementTimeout', 30_000),
    lock: time('lockTimeout', 10_000),
    scanIdle: time('scanIdleTimeout', 60_000),
  };
  return {
    servers: pool === undefined ? readServers(options, pooler ? undefined : timeouts, readOnly) : [],
    pool: readPool(options),
    schema: readName(options.schema ?? 'gati', 'options.schema'),
    migrate: flag('migrate', true) && !readOnly,
    readOnly,
    pooler,
    consistency,
    preparedStatements: flag('preparedStatements', !pooler),
    listen: flag('listen', !pooler) && !readOnly, // a standby does not let anybody listen
    pollInterval: time('pollInterval', 1_000),
    poolSize: readPoolSize(options.poolSize),
    retryTimeout: time('retryTimeout', 10_000),
    connectTimeout: time('connectTimeout', 5_000),
    statementTimeout: timeouts.statement,
    lockTimeout: timeouts.lock,
    scanIdleTimeout: timeouts.scanIdle,
    idleTimeout: time('idleTimeout', 30_000),
    historyLimit: count('historyLimit', 100_000),
    maxRecordBytes: count('maxRecordBytes', DEFAULT_MAX_RECORD_BYTES),
    // Nothing is ever served from the cache of a strong storage.
    cacheSize: consistency === 'strong' ? 1 : count('cacheSize', 64 * 1024 * 1024),
    log,
  };
}

/** Whoever gives a connection string that is undefined forgot to set a variable, and means no server of the environment. */
function assertServerNamed(given: PostgresStorageOptions, options: PostgresStorageOptions): void {
  const names = ['connectionString', 'hosts', 'pool'] as const;
  const forgotten = names.find((name) => Object.hasOwn(given, name));
  if (forgotten === undefined || names.some((name) => options[name] !== undefined)) return;
  throw invalid(
    `options.${forgotten}`,
    'is undefined: is the variable that it comes from set? Leave the option out to go where PGHOST and the like say',
  );
}

/** What the connection string says of the storage itself; options that are given win. */
function withUrlParameters(options: PostgresStorageOptions): PostgresStorageOptions {
  if (typeof options.connectionString !== 'string') return options;
  const given = Object.entries(options).filter(
    ([name, value]) => name !== 'connectionString' && value !== undefined,
  );
  return { ...readUrlParameters(options.connectionString), ...Object.fromEntries(given) };
}

type CountOption = {
  [K in keyof PostgresStorageOptions]-?: PostgresStorageOptions[K] extends number | undefined ? K : never;
}[keyof PostgresStorageOptions];

function readFlag(value: unknown, path: string, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value === 'boolean') return value;
  throw invalid(path, 'must be true or false');
}

function readPool(options: PostgresStorageOptions): PostgresPool | undefined {
  const { pool } = options;
  if (pool === undefined) return undefined;
  if (typeof pool?.connect !== 'function') throw invalid('options.pool', 'must be a pg.Pool');
  const other = CONNECTION.find((name) => options[name] !== undefined);
  if (other !== undefined) throw invalid(`options.${other}`, 'cannot be given together with options.pool');
  const { max, binary } = pool.options ?? {};
  if (binary === true) throw invalid('options.pool', 'must not be one with binary: true');
  if (max !== undefined && max < 3) {
    throw invalid(
      'options.pool',
      'must allow 3 connections: one listens, and commits and reads go on while one iterates',
    );
  }
  return pool;
}

/** Iterating `entries()` holds one connection, and whoever iterates may read meanwhile. */
function readPoolSize(value: unknown): number {
  const size = readCount(value, 'options.poolSize', 10);
  if (size < 2) throw invalid('options.poolSize', 'must be at least 2');
  return size;
}
