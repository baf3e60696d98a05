import type { ConnectionOptions } from 'node:tls';
import type { HistoryOptions, StorageLogger } from '@gati-framework/manifest-store';
import {
  type DecidedOptions,
  decideOptions,
  guardInput,
  HISTORY_LIMIT,
  invalidOption,
  type OptionRules,
  optionRules,
  readCount,
  readOptions,
} from '@gati-framework/manifest-store/backend';
import { type CommonOptions, commonRules, lineLogger } from '@gati-framework/storage-kit';
import type pg from 'pg';
import type { PostgresPool } from '../connections/postgres-pool.js';
import { assertText } from './assert-text.js';
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
  /** How long `entries()` waits for its consumer between two pages, and a commit of an iterator for changes, in milliseconds. Default: 60,000. */
  scanIdleTimeout?: number;
  /** How much of the past the store keeps, at least. What is given is stored with it; default of a new store: 100,000 changes. */
  history?: HistoryOptions;
  /** @deprecated The old form of `history: { changes }`. */
  historyLimit?: number;
  /** Largest record, in bytes of its JSON text. Default: 16 MiB. */
  maxRecordBytes?: number;
  /** Bound for the read cache, in bytes of heap, about. Default: 64 MiB. */
  cacheSize?: number;
  /**
   * Who is told of trouble with connections, at most once a second for one cause: a logger like the one of
   * `pino()`, or `console`. Default: a line on the console. (A function that takes a line was the old form.)
   */
  log?: StorageLogger | ((line: string) => void);
}

/** How to reach one server. */
export type ServerConfig = pg.ClientConfig;

const CONNECTION = ['connectionString', 'hosts', 'user', 'password', 'database', 'ssl'] as const;

type OpenName = (typeof CONNECTION)[number] | 'pool' | 'preparedStatements' | 'listen';

interface CheckedOptions
  extends DecidedOptions<Omit<PostgresStorageOptions, 'log' | 'history' | 'historyLimit'>, OpenName>,
    CommonOptions {}

/** Options with nothing left to decide. */
export interface ResolvedOptions extends Omit<CheckedOptions, OpenName> {
  /** None when there is a pool of the caller's. */
  readonly servers: readonly ServerConfig[];
  readonly pool: PostgresPool | undefined;
  readonly preparedStatements: boolean;
  readonly listen: boolean;
}

const NAME = 'gati-storage-postgres';
const COMMON = commonRules(NAME);

const RULES: OptionRules<CheckedOptions> = {
  ...COMMON,
  connectionString: optionRules.unchecked(),
  hosts: optionRules.unchecked(),
  user: optionRules.unchecked(),
  password: optionRules.unchecked(),
  database: optionRules.unchecked(),
  ssl: optionRules.unchecked(),
  pool: optionRules.unchecked(),
  schema: (value = 'gati', path) => readName(value, path),
  migrate: optionRules.flag(true),
  readOnly: optionRules.flag(false),
  consistency: optionRules.oneOf('cached', 'strong'),
  pooler: optionRules.flag(false),
  preparedStatements: optionRules.flag(undefined),
  listen: optionRules.flag(undefined),
  pollInterval: optionRules.time(1_000),
  applicationName: readApplicationName,
  poolSize: readPoolSize,
  retryTimeout: optionRules.time(10_000),
  connectTimeout: optionRules.time(5_000),
  statementTimeout: optionRules.time(30_000),
  lockTimeout: optionRules.time(10_000),
  idleTimeout: optionRules.time(30_000),
  log: readLog,
};

const OLD_FORMS = { historyLimit: HISTORY_LIMIT } as const;

export function resolveOptions(given: PostgresStorageOptions): ResolvedOptions {
  return guardInput('options', 'INVALID_OPTIONS', () => {
    const known = readOptions(given, [...Object.keys(RULES), ...Object.keys(OLD_FORMS)]);
    assertServerNamed(given, known);
    const written = withUrlParameters(known);
    const options = decideOptions(written, RULES, OLD_FORMS);
    const { pooler, readOnly, consistency } = options;
    return {
      ...options,
      servers: options.pool === undefined ? readServers(written, options) : [],
      pool: readPool(options),
      migrate: options.migrate && !readOnly,
      preparedStatements: options.preparedStatements ?? !pooler,
      listen: (options.listen ?? !pooler) && !readOnly, // a standby does not let anybody listen
      // Nothing is ever served from the cache of a strong storage.
      cacheSize: consistency === 'strong' ? 1 : options.cacheSize,
    };
  });
}

/** Whoever gives a connection string that is undefined forgot to set a variable, and means no server of the environment. */
function assertServerNamed(given: PostgresStorageOptions, options: PostgresStorageOptions): void {
  const names = ['connectionString', 'hosts', 'pool'] as const;
  const forgotten = names.find((name) => Object.hasOwn(given, name));
  if (forgotten === undefined || names.some((name) => options[name] !== undefined)) return;
  throw invalidOption(
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

function readPool(options: CheckedOptions): PostgresPool | undefined {
  const { pool } = options;
  if (pool === undefined) return undefined;
  if (typeof pool?.connect !== 'function') throw invalidOption('options.pool', 'must be a pg.Pool');
  const other = CONNECTION.find((name) => options[name] !== undefined);
  if (other !== undefined)
    throw invalidOption(`options.${other}`, 'cannot be given together with options.pool');
  const { max, binary } = pool.options ?? {};
  if (binary === true) throw invalidOption('options.pool', 'must not be one with binary: true');
  if (max !== undefined && max < 3) {
    throw invalidOption(
      'options.pool',
      'must allow 3 connections: one listens, and commits and reads go on while one iterates',
    );
  }
  return pool;
}

/** Iterating `entries()` holds one connection, and whoever iterates may read meanwhile. */
function readPoolSize(value: unknown, path: string): number {
  const size = readCount(value, path, 10);
  if (size < 2) throw invalidOption(path, 'must be at least 2');
  return size;
}

function readApplicationName(value: unknown, path: string): string {
  if (value === undefined) return 'gati-storage';
  assertText(value, path);
  return value;
}

/** Also in the old form: a function that takes a line. */
function readLog(value: unknown, path: string): StorageLogger {
  return typeof value === 'function' ? lineLogger((line) => value(line), NAME) : COMMON.log(value, path);
}
