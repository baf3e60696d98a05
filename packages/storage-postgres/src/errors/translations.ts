import type { StorageErrorCode } from '@gati-framework/manifest-store';
import { NO_STORE_ROW } from '../schema/step-2.js';
import { BEHIND, OVERTAKEN } from './postgres-error.js';

/** What an error is called here, and what to do about it. */
export type Translation = readonly [code: StorageErrorCode, message: string];

const FOREIGN: Translation = [
  'STORAGE_FOREIGN',
  'The schema holds tables of something else; nothing was changed. Name another one in the option schema.',
];

export const NO_ROW: Translation = [
  'STORAGE_CORRUPT',
  'The table store of the schema shows no row: it was deleted, or row-level security hides it from this role. ' +
    'Restore it from a backup, or give the role a policy; nothing was changed.',
];

/** Messages by SQLSTATE; its first two characters name a class. */
export const BY_CODE: Readonly<Record<string, Translation>> = {
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

export const GONE: Translation = [
  'STORAGE_REPLACED',
  'The tables of the store are not there, or not as this library knows them: the schema was dropped or changed. Close this storage and open a new one.',
];

export const WANTS_POOLER: Translation = [
  'STORAGE_UNAVAILABLE',
  'The server refused the connection. If it is a pooler such as PgBouncer, give the option pooler: true (in a URL, pooler=true).',
];

export const IN_THE_WAY: Translation = [
  'STORAGE_UNAVAILABLE',
  'The standby cancelled a read that stood in the way of what it replays. Raise max_standby_streaming_delay there, or set hot_standby_feedback.',
];

export const WANTS_TLS: Translation = [
  'STORAGE_FORBIDDEN',
  'The PostgreSQL server wants TLS from this address: set the option ssl, or sslmode=verify-full. Else check user and pg_hba.conf.',
];
