import { StorageError, type StorageErrorCode } from '@gati-framework/manifest-store';
import { LOG_TOO_SHORT, NO_STORE_ROW, TOO_ISOLATED } from './schema/step-2.js';

/** What the driver and the server throw. */
interface PostgresError {
  /** SQLSTATE, or the name of a system error. */
  readonly code?: string;
  readonly message?: string;
  /** In the language of the server, whatever that is. */
  readonly severity?: string;
  readonly constraint?: string;
}

/** Anything can be thrown; what is not an object says nothing. */
function read(error: unknown): PostgresError {
  return typeof error === 'object' && error !== null ? error : {};
}

export function messageOf(error: unknown): string {
  return read(error).message ?? String(error);
}

type Translation = readonly [code: StorageErrorCode, message: string];

/** Of {@link behind}. */
const BEHIND = 'GT002';

/** A standby that was switched to lacks what another one has shown. It will have it. */
export function behind(revision: number, seen: number): Error {
  const message = `the standby is at revision ${revision}, and revision ${seen} was seen already`;
  return Object.assign(new Error(message), { code: BEHIND });
}

/** Of {@link formerPrimary}. */
const OVERTAKEN = 'GT005';

/** A server that takes writes, and from which another one has taken over: it hangs, and does not know it yet. */
export function formerPrimary(server: string): Error {
  return Object.assign(new Error(`${server} is a former primary`), { code: OVERTAKEN });
}

const FOREIGN: Translation = [
  'STORAGE_FOREIGN',
  'The schema holds tables of something else; nothing was changed. Name another one in the option schema.',
];

const NO_ROW: Translation = [
  'STORAGE_CORRUPT',
  'The table store of the schema shows no row: it was deleted, or row-level security hides it from this role. ' +
    'Restore it from a backup, or give the role a policy; nothing was changed.',
];

/** Messages by SQLSTATE; its first two characters name a class. */
const BY_CODE: Readonly<Record<string, Translation>> = {
  '25006': [
    'STORAGE_READONLY',
    'PostgreSQL lets this connection only read: the server is a standby, or default_transaction_read_only is on for the server, ' +
      'the database or the role. Connect to the primary, name all servers in hosts, or set it off.',
  ],
  '25P03': [
    'STORAGE_UNAVAILABLE',
    'A transaction was idle for too long, and was ended by the server: an iteration of entries(), or a commit whose changes come ' +
      'one after the other, that paused for longer than scanIdleTimeout. Nothing of it was stored. Be faster, or allow more.',
  ],
  '25P04': [
    'STORAGE_UNAVAILABLE',
    'The server ended a transaction after its transaction_timeout. Raise that for the role: a statement may take statementTimeout, ' +
      'and an iteration of entries() as long as whoever takes them.',
  ],
  [BEHIND]: [
    'STORAGE_UNAVAILABLE',
    'The standby is behind what this process has seen, and did not catch up within retryTimeout. Check its replication.',
  ],
  [OVERTAKEN]: [
    'STORAGE_UNAVAILABLE',
    'Only a former primary takes writes: this process has used the one that took over from it, and what is written or read here would ' +
      'be lost or old. Bring back the new one; if the old one is meant to go on instead, promote it again, or start this process anew.',
  ],
  '26000': [
    'STORAGE_FAILED',
    'A prepared statement is unknown to the server. If connections go through a pooler in transaction mode, give the option pooler: true (in a URL, pooler=true).',
  ],
  '28': [
    'STORAGE_FORBIDDEN',
    'The PostgreSQL server refuses this user or password. Check user, password and pg_hba.conf.',
  ],
  '3D000': ['STORAGE_UNAVAILABLE', 'The database does not exist. Create it with CREATE DATABASE, as UTF8.'],
  '40001': [
    'STORAGE_LOCKED',
    'Others changed the same at the same time, again and again for retryTimeout. Raise it, or look at pg_stat_activity for who.',
  ],
  '40P01': [
    'STORAGE_LOCKED',
    'This and something else waited for each other, again and again for retryTimeout. Look at pg_stat_activity and pg_locks for what locks the tables of the store.',
  ],
  '42501': [
    'STORAGE_FORBIDDEN',
    'The role lacks a right on the store. Let a DBA run the SQL that "gati-storage postgres-schema" prints.',
  ],
  '42P05': [
    'STORAGE_FAILED',
    'A prepared statement exists already. If connections go through a pooler in transaction mode, give the option pooler: true (in a URL, pooler=true).',
  ],
  '42710': FOREIGN,
  '42723': FOREIGN,
  '42P07': FOREIGN,
  '53100': ['STORAGE_FULL', 'The disk of the PostgreSQL server is full; nothing of this was stored.'],
  '53300': [
    'STORAGE_UNAVAILABLE',
    'The PostgreSQL server has no connection left. Lower poolSize, raise max_connections, or use a pooler.',
  ],
  '55P03': [
    'STORAGE_LOCKED',
    'Somebody else held the store for longer than lockTimeout. Look at pg_stat_activity and pg_locks for who.',
  ],
  '57014': [
    'STORAGE_UNAVAILABLE',
    'The statement ran for longer than statementTimeout, or was cancelled; nothing of it was stored.',
  ],
  '57P05': [
    'STORAGE_UNAVAILABLE',
    'The server ended a session after its idle_session_timeout. Raise that for the role above pollInterval and idleTimeout.',
  ],
  [NO_STORE_ROW]: NO_ROW,
  XX001: ['STORAGE_CORRUPT', 'PostgreSQL found its data damaged. Restore the database from a backup.'],
  XX002: [
    'STORAGE_CORRUPT',
    'PostgreSQL found an index damaged. REINDEX it, or restore the database from a backup.',
  ],
};

const GONE: Translation = [
  'STORAGE_REPLACED',
  'The tables of the store are not there, or not as this library knows them: the schema was dropped or changed. Close this storage and open a new one.',
];

const WANTS_POOLER: Translation = [
  'STORAGE_UNAVAILABLE',
  'The server refused the connection. If it is a pooler such as PgBouncer, give the option pooler: true (in a URL, pooler=true).',
];

const IN_THE_WAY: Translation = [
  'STORAGE_UNAVAILABLE',
  'The standby cancelled a read that stood in the way of what it replays. Raise max_standby_streaming_delay there, or set hot_standby_feedback.',
];

const WANTS_TLS: Translation = [
  'STORAGE_FORBIDDEN',
  'The PostgreSQL server wants TLS from this address: set the option ssl, or sslmode=verify-full. Else check user and pg_hba.conf.',
];

const NOT_THERE: readonly string[] = ['3F000', '42P01', '42703', '42883', '42P02'];

/** Conditions that pass: the same call may succeed on another connection, a moment later. */
const TRANSIENT = new Set([
  BEHIND,
  OVERTAKEN,
  ...[
    '08000',
    '08001',
    '08003',
    '08004',
    '08006',
    '40001',
    '40P01',
    '53300',
    '57P01',
    '57P02',
    '57P03',
    '57P05',
  ],
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['EHOSTDOWN', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT'],
]);

/** What `pg` says without a code. */
const LOST_CONNECTION =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout expired|Query read timeout|timeout exceeded when trying to connect|read ECONN|write EPIPE)/;

const TLS = /CERT|SSL|TLS|SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/;

/** Poolers give this code to most of what they have to say; these will be no different next time. */
const POOLER_REFUSES = /unsupported startup parameter|no such (database|user)|authentication failed/;

/**
 * SQLSTATEs, mostly by class, with which a server says that it gave up a statement and undid it. Poolers and
 * proxies make up others (08, 58, XX), also for a statement that the server has carried out.
 */
const UNDONE = /^(0[ALP]|2[0-4678BDF]|25(?!P0[34])|3[489BDF]|40(?!003)|42|44|5[345]|57014|F0|P0|GT|XX00[12])/;

/** Whether trying again may help. */
export function isTransient(error: unknown): boolean {
  const { code, message = '' } = read(error);
  if (code === undefined) return LOST_CONNECTION.test(message);
  if (code === '08P01') return !POOLER_REFUSES.test(message);
  return TRANSIENT.has(code) || code === '25006' || (isEnd(error) && /^(58|XX)/.test(code));
}

/** Whether it ended the connection, or the server. Poolers always say so in English. */
function isEnd(error: unknown): boolean {
  const { severity } = read(error);
  return severity === 'FATAL' || severity === 'PANIC';
}

/** Whether a connection could not be made for reasons that are the server's. */
export function isUnreachable(error: unknown): boolean {
  const isPoolBusy = read(error).message?.startsWith('timeout exceeded when trying to connect');
  return isTransient(error) && !isPoolBusy;
}

/** Whether the server is, or has become, one that cannot be written to. */
export function isReadOnlyServer(error: unknown): boolean {
  return read(error).code === '25006';
}

/** Whether the server answered that nothing was done; a lost connection leaves that open, and so does a pooler's word. */
export function isDefinite(error: unknown): boolean {
  if (error instanceof StorageError) return true;
  const { code = '' } = read(error);
  return UNDONE.test(code) && !isEnd(error);
}

/** Whether a statement failed because the session has forgotten what was prepared in it, as DISCARD ALL makes it. */
export function isForgotten(error: unknown): boolean {
  return read(error).code === '26000';
}

/** Whether what somebody has set in the session may be why a statement was refused. */
export function isOfSession(error: unknown): boolean {
  const { code = '' } = read(error);
  return isForgotten(error) || isReadOnlyServer(error) || /^(25|42501|57014)/.test(code);
}

/** Whether a commit was refused because it was made already. */
export function isDuplicateOperation(error: unknown): boolean {
  const { code, constraint } = read(error);
  return code === '23505' && constraint === 'changes_operation';
}

/** Whether a commit was refused because the log does not tell any more whether it was made already. */
export function isLogTooShort(error: unknown): boolean {
  return read(error).code === LOG_TOO_SHORT;
}

/** Whether a commit was refused because its transaction would not see what others commit. */
export function isTooIsolated(error: unknown): boolean {
  return read(error).code === TOO_ISOLATED;
}

/** For a statement that found the one row of `store` missing. */
export function noStoreRow(): StorageError {
  const [code, message] = NO_ROW;
  return new StorageError(code, message);
}

/** Whether the tables that a statement names do not exist. */
export function isMissingTable(error: unknown): boolean {
  const { code } = read(error);
  return code === '3F000' || code === '42P01';
}

/** Whether a table is not made as the statement expects. */
export function isMissingColumn(error: unknown): boolean {
  return read(error).code === '42703';
}

/** The only kind of error that leaves this package. */
export function translateError(error: unknown, place: string): StorageError {
  if (error instanceof StorageError) return error;
  const { code = '', message = '' } = read(error);
  const [storageCode, text] = translate(error);
  const reason = message === '' ? code : message;
  return new StorageError(storageCode, `${text} (${place}: ${reason})`, {
    cause: error,
    ...(code === '' ? {} : { details: { code } }),
  });
}

function translate(error: unknown): Translation {
  const { code = '', message = '' } = read(error);
  if (code === '28000' && message.includes('no encryption')) return WANTS_TLS;
  if (code === '08P01' && POOLER_REFUSES.test(message)) return WANTS_POOLER;
  if (code === '40001' && message.includes('conflict with recovery')) return IN_THE_WAY;
  const known = BY_CODE[code] ?? BY_CODE[code.slice(0, 2)];
  if (known !== undefined) return known;
  if (NOT_THERE.includes(code)) return GONE;
  if (message.startsWith('Cannot use a pool after calling end')) {
    return [
      'STORAGE_UNAVAILABLE',
      'The pool that this storage was given was ended. Close the storage before its pool.',
    ];
  }
  if (TLS.test(code) || /SSL|TLS|certificate/.test(message)) {
    return [
      'STORAGE_UNAVAILABLE',
      'No connection that can be trusted: check ssl (its ca, and the name in the certificate) and the server.',
    ];
  }
  if (message.startsWith('timeout exceeded when trying to connect')) {
    return [
      'STORAGE_UNAVAILABLE',
      'No connection became free in time, or none could be made. Raise poolSize (of a pool that you gave, its max), ' +
        'or end iterations of entries().',
    ];
  }
  if (isTransient(error)) {
    return [
      'STORAGE_UNAVAILABLE',
      'The PostgreSQL server cannot be reached. Check that it runs, and its address.',
    ];
  }
  return ['STORAGE_FAILED', 'PostgreSQL refused a statement of the storage.'];
}
