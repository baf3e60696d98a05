// One call of a kind, the k-th, does not do what it was asked for; every other one does.
import { report } from '../child/report.mjs';
import { countFileCalls } from './file-calls.mjs';
import { countRequests } from './requests.mjs';
import { countStatements } from './statements.mjs';

/**
 * @typedef {object} FailingCall
 * @property {'files' | 'better-sqlite3' | 'node-sqlite' | 'etcd'} of Calls of node:fs in a folder, statements of a driver, or requests.
 * @property {string} [folder] Of the files.
 * @property {number} call Which one; beyond the last, nothing happens.
 * @property {'error' | 'error after' | 'death'} what `error after` comes when the call was done.
 * @property {string} [code] Of the error: `ENOSPC`, `EIO`, `SQLITE_FULL`, ...
 */

const COUNTS = {
  files: countFileCalls,
  'better-sqlite3': countStatements,
  'node-sqlite': countStatements,
  etcd: countRequests,
};

/** @param {FailingCall} failing */
export async function interfere(failing) {
  let count = 0;
  process.on('exit', () => report({ calls: count }));
  await COUNTS[failing.of](failing, (name, makeError, call, loseAnswer) => {
    const isTarget = count === failing.call;
    count += 1;
    return isTarget ? fail(failing.what, { name, makeError, call, loseAnswer }) : call();
  });
}

function fail(what, { name, makeError, call, loseAnswer }) {
  report({ reached: name });
  if (what === 'death') process.kill(process.pid, 'SIGKILL');
  if (what === 'error after' && loseAnswer !== undefined) return loseAnswer();
  return failCall(what, name, makeError, call);
}

/** @param {'error' | 'error after'} what */
export function failCall(what, name, makeError, call) {
  // Opening gave nothing back when it failed, and a descriptor is gone even when closing it failed.
  const isDone = (what === 'error after' && !name.startsWith('open')) || name.startsWith('close');
  const result = isDone ? call() : undefined;
  if (result instanceof Promise) return result.then(() => Promise.reject(makeError()));
  throw makeError();
}
