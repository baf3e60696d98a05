import type { ConnectionOptions } from 'node:tls';
import { StorageError } from '@gati-framework/manifest-store';
import { DEFAULT_MAX_RECORD_BYTES, readCount, readOptions } from '@gati-framework/manifest-store/backend';
import type pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { parseHosts, replaceHost, splitHosts } from './hosts.js';
import { readName } from './names.js';
import type { PostgresPool } from './postgres-pool.js';

export interface PostgresStorageOptions {
  /**
   * `postgres://user:password@host:5432/database`; several hosts are separated
   * by commas. What it leaves out comes from the environment (`PGHOST`,
   * `PGUSER`, `PGPASSWORD`, ...), as with every PostgreSQL client.
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
  /** Schema that holds the store. Default: `gati`. */
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
  /** Bound for the read cache, in characters of encoded records. Default: 64 Mi. */
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
  const options = readOptions(given, KNOWN);
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

type CountOption = {
  [K in keyof PostgresStorageOptions]-?: PostgresStorageOptions[K] extends number | undefined ? K : never;
}[keyof PostgresStorageOptions];

/** NUL ends a field of what a client says first, so what follows it would be another field. */
function assertText(value: unknown, path: string): void {
  if (typeof value !== 'string' || value.includes('\0')) throw invalid(path, 'must be a string without NUL');
}

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
  const { max } = pool.options ?? {};
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

function readServers(
  options: PostgresStorageOptions,
  timeouts: { statement: number; lock: number; scanIdle: number } | undefined,
  readOnly: boolean,
): ServerConfig[] {
  const { connectionString, hosts, applicationName = 'gati-storage' } = options;
  assertText(applicationName, 'options.applicationName');
  const common: ServerConfig = { keepAlive: true, application_name: applicationName };
  if (timeouts !== undefined) {
    // Commits and iterations bring theirs along; these are for migrations, and for tables that others lock.
    common.statement_timeout = timeouts.statement;
    common.lock_timeout = timeouts.lock;
    common.idle_in_transaction_session_timeout = timeouts.scanIdle;
    if (readOnly) common.options = '-c default_transaction_read_only=on';
  }
  for (const name of ['user', 'database'] as const) {
    if (options[name] !== undefined) assertText(options[name], `options.${name}`);
  }
  const { password, ssl } = options;
  if (password !== undefined && typeof password !== 'function') assertText(password, 'options.password');
  if (ssl !== undefined && typeof ssl !== 'boolean' && (typeof ssl !== 'object' || ssl === null)) {
    throw invalid('options.ssl', 'must be true, false or TLS options such as { ca }');
  }
  const given: ServerConfig = {};
  for (const name of ['user', 'password', 'database', 'ssl'] as const) {
    if (options[name] !== undefined) Object.assign(given, { [name]: options[name] });
  }
  // A copy, because the driver hides the key in the object that it gets.
  if (typeof given.ssl === 'object') given.ssl = { ...given.ssl };
  const servers =
    hosts === undefined ? serversOfString(connectionString) : serversOfHosts(hosts, connectionString);
  return servers.map((server) => ({ ...common, ...server, ...given }));
}

function serversOfString(connectionString: unknown): ServerConfig[] {
  if (connectionString === undefined) return [{}];
  if (typeof connectionString !== 'string' || !/^(postgres(ql)?|socket):|^\//.test(connectionString)) {
    throw invalid('options.connectionString', 'must be like postgres://user:password@host:5432/database');
  }
  const hosts = splitHosts(connectionString);
  if (hosts.length < 2) return [readConnectionString(connectionString)];
  return parseHosts(hosts, 'options.connectionString').map((host) =>
    readConnectionString(replaceHost(connectionString, host)),
  );
}

function serversOfHosts(hosts: unknown, connectionString: string | undefined): ServerConfig[] {
  if (!Array.isArray(hosts) || hosts.length === 0) {
    throw invalid('options.hosts', "must be a list such as ['db1:5432', 'db2:5432']");
  }
  const [common] = serversOfString(connectionString);
  return parseHosts(hosts, 'options.hosts').map((host) => ({ ...common, port: 5432, ...host }));
}

/** What the string says; what it leaves out is left out. */
function readConnectionString(connectionString: string): ServerConfig {
  try {
    const config = Object.entries(parseIntoClientConfig(connectionString));
    return Object.fromEntries(config.filter(([, value]) => value !== '')) as ServerConfig;
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    const problem =
      code === 'ENOENT'
        ? `names a file that is not there: ${path}`
        : // What it says may quote the string, and so the password.
          'cannot be read; is a special character in the password not percent-encoded?';
    throw invalid('options.connectionString', problem);
  }
}

function invalid(path: string, problem: string): StorageError {
  return new StorageError('INVALID_OPTIONS', `${path} ${problem}.`, { path });
}
