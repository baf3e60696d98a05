// How a child tells its parent what happens: lines of JSON on a pipe of its own, written before anything else happens,
// so that what was told is out when the child is killed the moment after.
import { writeSync } from 'node:fs';

/** Taken before anything interferes with the calls of node:fs. */
const write = writeSync;
const PIPE = 3;

/** @param {object} line */
export function report(line) {
  write(PIPE, `${JSON.stringify(line)}\n`);
}

/** Milliseconds by a clock that all processes of the machine share. */
export function now() {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** An error as it can be sent. What is no StorageError is a fault by itself. */
export function errorForm(error) {
  const isStorageError = error?.name === 'StorageError' && typeof error.code === 'string';
  if (!isStorageError) return { isFault: true, message: String(error?.stack ?? error) };
  const { code, details, message } = error;
  const slot = details?.key && [details.kind, ...Object.values(details.key)].join('/');
  return {
    code,
    message: message.slice(0, 300),
    ...(details?.actual !== undefined && { actual: details.actual }),
    ...(slot && { slot }),
  };
}
