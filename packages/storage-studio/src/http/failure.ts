import type { ServerResponse } from 'node:http';
import { StorageError } from '@gati-framework/manifest-store';
import type { Failure } from '../api/index.js';

const STATUSES: Readonly<Record<string, number>> = {
  INVALID_OPTIONS: 400,
  INVALID_RECORD: 400,
  STUDIO_TOKEN: 401,
  STUDIO_FORBIDDEN: 403,
  STUDIO_READONLY: 403,
  STORAGE_FORBIDDEN: 403,
  STUDIO_NOT_FOUND: 404,
  STUDIO_NO_OTHER: 404,
  STUDIO_METHOD: 405,
  STORAGE_CONFLICT: 409,
  STORAGE_COMPACTED: 410,
  STUDIO_TOO_LARGE: 413,
  INVALID_DOCUMENT: 422,
  INVALID_BUNDLE: 422,
  INVALID_ARCHIVE: 422,
  STORAGE_LOCKED: 503,
  STORAGE_UNAVAILABLE: 503,
  STORAGE_CLOSED: 503,
};

/** Answers with why something was refused, or went wrong. */
export function sendFailure(
  response: ServerResponse,
  error: unknown,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const failure = failureOf(error);
  const body = Buffer.from(JSON.stringify(failure));
  response.writeHead(STATUSES[failure.error.code] ?? 500, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(body);
}

/** What is no error of a storage may say anything, and is told to the process that serves only. */
function failureOf(error: unknown): Failure {
  if (!(error instanceof StorageError)) {
    const message = 'The studio failed. The process that serves it says more.';
    return { error: { code: 'STUDIO_FAILED', message } };
  }
  const { code, message, path } = error;
  const details = detailsOf(error);
  return {
    error: { code, message, ...(path !== undefined && { path }), ...(details !== undefined && { details }) },
  };
}

function detailsOf(error: StorageError): Failure['error']['details'] {
  if (error.code === 'STORAGE_CONFLICT') {
    const { actual } = error.details;
    return actual === undefined ? undefined : { actual };
  }
  if (error.code !== 'STORAGE_COMPACTED') return undefined;
  const { current, oldest } = error.details;
  return { current, ...(oldest !== undefined && { oldest }) };
}
