import { StorageError } from '@gati-framework/manifest-store';
import { LOG_TOO_SHORT, TOO_ISOLATED } from '../schema/step-2.js';
import { asPostgresError, BEHIND, OVERTAKEN, POOLER_REFUSES } from './postgres-error.js';

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

/**
 * SQLSTATEs, mostly by class, with which a server says that it gave up a statement and undid it. Poolers and
 * proxies make up others (08, 58, XX), also for a statement that the server has carried out.
 */
const UNDONE = /^(0[ALP]|2[0-4678BDF]|25(?!P0[34])|3[489BDF]|40(?!003)|42|44|5[345]|57014|F0|P0|GT|XX00[12])/;

/** Whether trying again may help. */
export function isTransient(error: unknown): boolean {
  const { code, message = '' } = asPostgresError(error);
  if (code === undefined) return LOST_CONNECTION.test(message);
  if (code === '08P01') return !POOLER_REFUSES.test(message);
  return TRANSIENT.has(code) || code === '25006' || (isEnd(error) && /^(58|XX)/.test(code));
}

/** Whether it ended the connection, or the server. Poolers always say so in English. */
function isEnd(error: unknown): boolean {
  const { severity } = asPostgresError(error);
  return severity === 'FATAL' || severity === 'PANIC';
}

/** Whether a connection could not be made for reasons that are the server's. */
export function isUnreachable(error: unknown): boolean {
  const isPoolBusy = asPostgresError(error).message?.startsWith('timeout exceeded when trying to connect');
  return isTransient(error) && !isPoolBusy;
}

/** Whether the server is, or has become, one that cannot be written to. */
export function isReadOnlyServer(error: unknown): boolean {
  return asPostgresError(error).code === '25006';
}

/** Whether the server answered that nothing was done; a lost connection leaves that open, and so does a pooler's word. */
export function isDefinite(error: unknown): boolean {
  if (error instanceof StorageError) return true;
  const { code = '' } = asPostgresError(error);
  return UNDONE.test(code) && !isEnd(error);
}

/** Whether a statement failed because the session has forgotten what was prepared in it, as DISCARD ALL makes it. */
export function isForgotten(error: unknown): boolean {
  return asPostgresError(error).code === '26000';
}

/** Whether what somebody has set in the session may be why a statement was refused. */
export function isOfSession(error: unknown): boolean {
  const { code = '' } = asPostgresError(error);
  return isForgotten(error) || isReadOnlyServer(error) || /^(25|42501|57014)/.test(code);
}

/** Whether a commit was refused because it was made already. */
export function isDuplicateOperation(error: unknown): boolean {
  const { code, constraint } = asPostgresError(error);
  return code === '23505' && constraint === 'changes_operation';
}

/** Whether a commit was refused because the log does not tell any more whether it was made already. */
export function isLogTooShort(error: unknown): boolean {
  return asPostgresError(error).code === LOG_TOO_SHORT;
}

/** Whether a commit was refused because its transaction would not see what others commit. */
export function isTooIsolated(error: unknown): boolean {
  return asPostgresError(error).code === TOO_ISOLATED;
}

/** Whether the tables that a statement names do not exist. */
export function isMissingTable(error: unknown): boolean {
  const { code } = asPostgresError(error);
  return code === '3F000' || code === '42P01';
}

/** Whether a table is not made as the statement expects. */
export function isMissingColumn(error: unknown): boolean {
  return asPostgresError(error).code === '42703';
}
