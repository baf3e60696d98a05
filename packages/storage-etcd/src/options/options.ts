import type { ConnectionOptions } from 'node:tls';
import type { HistoryOptions, StorageLogger } from '@gati-framework/manifest-store';
import {
  type DecidedOptions,
  decideOptions,
  guardInput,
  invalidOption,
  type OptionRules,
  optionRules,
  readOptions,
} from '@gati-framework/manifest-store/backend';
import { type CommonOptions, commonRules } from '@gati-framework/storage-kit';
import { readConnectionString } from './connection-string.js';
import { type Endpoint, readEndpoints } from './endpoints.js';

/** How members are reached through TLS: whom to trust, and who this client is. */
export type EtcdTlsOptions = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'passphrase' | 'pfx' | 'servername' | 'minVersion' | 'checkServerIdentity'
>;

export interface EtcdStorageOptions {
  /**
   * `etcd://user:password@etcd1:2379,etcd2:2379/prefix?ca=ca.pem&cert=client.pem&key=client-key.pem`: what the options
   * below say. User, prefix and parameters (`tls`, `ca`, `cert`, `key`, `servername`) may be left out; others are
   * refused. An option that is given wins.
   */
  connectionString?: string;
  /** Members of one cluster, `host:port` or with `https://`: any that answers is used, and another when it no longer does. */
  endpoints?: string | readonly string[];
  /** What the keys of the store begin with, before a slash. Stores under different prefixes share a cluster. Default: `gati`. */
  prefix?: string;
  user?: string;
  /** Or a function that yields a fresh one for each login. */
  password?: string | (() => string | Promise<string>);
  /** TLS: `true`, or options such as `{ ca, cert, key }`. A certificate that is not trusted is refused. */
  tls?: boolean | EtcdTlsOptions;
  /** Only read. */
  readOnly?: boolean;
  /**
   * `cached` (default): records are served from memory while the cluster is known to answer, and are then at most two
   * `pollInterval`s old, usually a few milliseconds. `strong`: every read asks the cluster.
   */
  consistency?: 'cached' | 'strong';
  /** How often the cluster is asked for what the watch may have missed, in milliseconds. Default: 1,000. */
  pollInterval?: number;
  /** How long a member may take for an answer before another one is asked, in milliseconds. Default: 2,000. */
  requestTimeout?: number;
  /** How long a call goes on trying while no member answers, in milliseconds. Default: 10,000. */
  retryTimeout?: number;
  /** How long a commit goes on trying while others commit before it each time, in milliseconds. Default: 10,000. */
  lockTimeout?: number;
  /** How much of the past the store keeps, at least. What is given is stored with it; default of a new store: 100,000 changes. */
  history?: HistoryOptions;
  /** How long a commit of an iterator waits for its next changes, in milliseconds. Default: 60,000. */
  scanIdleTimeout?: number;
  /** Largest record, in bytes of its JSON text. Default: 16 MiB. */
  maxRecordBytes?: number;
  /** Bound for the read cache, in bytes of heap, about. Default: 64 MiB. */
  cacheSize?: number;
  /**
   * Who is told of trouble with the cluster, at most once a second for one cause: a logger like the one of
   * `pino()`, or `console`. Default: a line on the console.
   */
  log?: StorageLogger;
}

type OpenName = 'connectionString' | 'endpoints' | 'user' | 'password' | 'tls';

interface CheckedOptions
  extends DecidedOptions<Omit<EtcdStorageOptions, 'log' | 'history'>, OpenName>,
    CommonOptions {}

/** Who is logged in as. */
export interface Credentials {
  readonly user: string;
  readonly password: () => string | Promise<string>;
}

/** Options with nothing left to decide. */
export interface ResolvedOptions extends Omit<CheckedOptions, OpenName> {
  readonly endpoints: readonly Endpoint[];
  readonly tls: EtcdTlsOptions;
  readonly credentials: Credentials | undefined;
}

const NAME = 'gati-storage-etcd';

const RULES: OptionRules<CheckedOptions> = {
  ...commonRules(NAME),
  connectionString: optionRules.unchecked(),
  endpoints: optionRules.unchecked(),
  user: optionRules.unchecked(),
  password: optionRules.unchecked(),
  tls: optionRules.unchecked(),
  prefix: readPrefix,
  readOnly: optionRules.flag(false),
  consistency: optionRules.oneOf('cached', 'strong'),
  pollInterval: optionRules.time(1_000),
  requestTimeout: optionRules.time(2_000),
  retryTimeout: optionRules.time(10_000),
  lockTimeout: optionRules.time(10_000),
};

export function resolveOptions(given: EtcdStorageOptions): ResolvedOptions {
  return guardInput('options', 'INVALID_OPTIONS', () => {
    const options = decideOptions(withConnectionString(given, readOptions(given, Object.keys(RULES))), RULES);
    const { connectionString: _text, endpoints, user: _user, password: _password, tls, ...rest } = options;
    if (endpoints === undefined)
      throw invalidOption('options.endpoints', "must name the cluster, like ['etcd1.internal:2379']");
    const isSecure = readTlsFlag(tls);
    return {
      ...rest,
      endpoints: readEndpoints(endpoints, 'options.endpoints', isSecure),
      tls: typeof tls === 'object' ? { ...tls } : {},
      credentials: readCredentials(options),
      // Nothing is ever served from the cache of a strong storage.
      cacheSize: rest.consistency === 'strong' ? 1 : rest.cacheSize,
    };
  });
}

function withConnectionString(given: EtcdStorageOptions, options: EtcdStorageOptions): EtcdStorageOptions {
  const { connectionString, ...others } = options;
  if (connectionString === undefined) {
    const isForgotten = Object.hasOwn(given, 'connectionString') && others.endpoints === undefined;
    if (!isForgotten) return others;
    throw invalidOption('options.connectionString', 'is undefined: is the variable that it comes from set?');
  }
  const besides = Object.entries(others).filter(([, value]) => value !== undefined);
  return { ...readConnectionString(connectionString), ...Object.fromEntries(besides) };
}

function readTlsFlag(tls: unknown): boolean {
  if (tls === undefined || typeof tls === 'boolean') return tls === true;
  if (typeof tls === 'object' && tls !== null) return true;
  throw invalidOption('options.tls', 'must be true, false or TLS options such as { ca, cert, key }');
}

function readCredentials({ user, password }: CheckedOptions): Credentials | undefined {
  if (user === undefined && password === undefined) return undefined;
  if (typeof user !== 'string' || user === '')
    throw invalidOption('options.user', 'must be the name of a user');
  if (typeof password === 'function') return { user, password };
  if (typeof password !== 'string') throw invalidOption('options.password', 'must be a string or a function');
  return { user, password: () => password };
}

const MOST_PREFIX_BYTES = 256;

function readPrefix(value: unknown, path: string): string {
  if (value === undefined) return 'gati';
  const isText = typeof value === 'string' && value !== '' && value.isWellFormed() && !value.includes('\0');
  if (!isText || value.endsWith('/'))
    throw invalidOption(path, 'must be what keys begin with before a slash, like gati or apps/gati');
  if (Buffer.byteLength(value) > MOST_PREFIX_BYTES)
    throw invalidOption(path, `must have at most ${MOST_PREFIX_BYTES} bytes`);
  return value;
}
