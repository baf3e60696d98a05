/** Of this storage. */
const OWN = ['schema', 'pooler'];

/** Of every PostgreSQL client; the driver leaves some of them unheeded, and they stay what they are elsewhere. */
const OF_LIBPQ = [
  ...['host', 'hostaddr', 'port', 'dbname', 'user', 'password', 'passfile', 'service', 'servicefile'],
  ...['require_auth', 'channel_binding', 'scram_client_key', 'scram_server_key', 'requirepeer'],
  ...['connect_timeout', 'client_encoding', 'options', 'application_name', 'fallback_application_name'],
  ...['keepalives', 'keepalives_idle', 'keepalives_interval', 'keepalives_count', 'tcp_user_timeout'],
  ...['sslmode', 'requiressl', 'sslnegotiation', 'sslcompression', 'sslcert', 'sslkey', 'sslkeylogfile'],
  ...['sslpassword', 'sslcertmode', 'sslrootcert', 'sslcrl', 'sslcrldir', 'sslsni'],
  ...['ssl_min_protocol_version', 'ssl_max_protocol_version', 'min_protocol_version', 'max_protocol_version'],
  ...['gssencmode', 'krbsrvname', 'gsslib', 'gssdelegation', 'oauth_issuer', 'oauth_client_id'],
  ...['oauth_client_secret', 'oauth_scope', 'target_session_attrs', 'load_balance_hosts'],
];

/** Of `pg` alone; `db` and `encoding` in strings that begin with `socket:`. */
const OF_DRIVER = [
  ...['ssl', 'uselibpqcompat', 'db', 'encoding', 'database', 'enableChannelBinding'],
  ...['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'query_timeout'],
  ...['connectionTimeoutMillis', 'keepAlive', 'keepAliveInitialDelayMillis'],
];

/** Every name that may stand before a `=` in a connection string. */
export const URL_PARAMETERS: ReadonlySet<string> = new Set([...OWN, ...OF_LIBPQ, ...OF_DRIVER]);
