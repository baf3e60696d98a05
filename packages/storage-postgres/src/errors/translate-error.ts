import { StorageError } from '@gati-framework/manifest-store';
import { isTransient } from './conditions.js';
import { asPostgresError, POOLER_REFUSES } from './postgres-error.js';
import {
  BY_CODE,
  GONE,
  IN_THE_WAY,
  NO_ROW,
  type Translation,
  WANTS_POOLER,
  WANTS_TLS,
} from './translations.js';

const NOT_THERE: readonly string[] = ['3F000', '42P01', '42703', '42883', '42P02'];

const TLS = /CERT|SSL|TLS|SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/;

/** For a statement that found the one row of `store` missing. */
export function noStoreRow(): StorageError {
  const [code, message] = NO_ROW;
  return new StorageError(code, message);
}

/** The only kind of error that leaves this package. */
export function translateError(error: unknown, place: string): StorageError {
  if (error instanceof StorageError) return error;
  const { code = '', message = '' } = asPostgresError(error);
  const [storageCode, text] = translate(error);
  const reason = message === '' ? code : message;
  return new StorageError(storageCode, `${text} (${place}: ${reason})`, {
    cause: error,
    ...(code === '' ? {} : { details: { code } }),
  });
}

function translate(error: unknown): Translation {
  const { code = '', message = '' } = asPostgresError(error);
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
