import { invalidOption } from '@gati-framework/manifest-store/backend';
import { parseIntoClientConfig } from 'pg-connection-string';
import { assertText } from './assert-text.js';
import { parseHosts, replaceHost, splitHosts } from './hosts.js';
import type { PostgresStorageOptions, ServerConfig } from './options.js';

/** What a session is told when it begins. */
interface SessionOptions {
  readonly applicationName: string;
  readonly pooler: boolean;
  readonly readOnly: boolean;
  readonly statementTimeout: number;
  readonly lockTimeout: number;
  readonly scanIdleTimeout: number;
}

export function readServers(options: PostgresStorageOptions, session: SessionOptions): ServerConfig[] {
  const { connectionString, hosts } = options;
  const common: ServerConfig = { keepAlive: true, application_name: session.applicationName };
  if (!session.pooler) {
    // Commits and iterations bring theirs along; these are for migrations, and for tables that others lock.
    common.statement_timeout = session.statementTimeout;
    common.lock_timeout = session.lockTimeout;
    common.idle_in_transaction_session_timeout = session.scanIdleTimeout;
    if (session.readOnly) common.options = '-c default_transaction_read_only=on';
  }
  for (const name of ['user', 'database'] as const) {
    if (options[name] !== undefined) assertText(options[name], `options.${name}`);
  }
  const { password, ssl } = options;
  if (password !== undefined && typeof password !== 'function') assertText(password, 'options.password');
  if (ssl !== undefined && typeof ssl !== 'boolean' && (typeof ssl !== 'object' || ssl === null)) {
    throw invalidOption('options.ssl', 'must be true, false or TLS options such as { ca }');
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
    throw invalidOption(
      'options.connectionString',
      'must be like postgres://user:password@host:5432/database',
    );
  }
  const hosts = splitHosts(connectionString);
  if (hosts.length < 2) return [readConnectionString(connectionString)];
  return parseHosts(hosts, 'options.connectionString').map((host) =>
    readConnectionString(replaceHost(connectionString, host)),
  );
}

function serversOfHosts(hosts: unknown, connectionString: string | undefined): ServerConfig[] {
  if (!Array.isArray(hosts) || hosts.length === 0) {
    throw invalidOption('options.hosts', "must be a list such as ['db1:5432', 'db2:5432']");
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
          'cannot be read; percent-encode the special characters in its password';
    throw invalidOption('options.connectionString', problem);
  }
}
