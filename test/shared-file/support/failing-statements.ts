import { onTestFinished } from 'vitest';
import { backend } from './backend.js';

/**
 * Makes one run of a statement fail, the next one in any storage of this process, or
 * one after it; until the test ends.
 *
 * @param sql What the text of the statement begins with.
 * @param code SQLite's result code.
 * @param passing How many runs come before it.
 * @param isDone Whether the statement is run all the same.
 * @returns How many runs have failed so far.
 */
export function failStatement(sql: string, code: string, passing = 0, isDone = false): () => number {
  let left = passing;
  const { prototype, source, error } = backend.statements;
  let failed = 0;
  for (const method of ['get', 'all', 'run'] as const) {
    const original = prototype[method];
    prototype[method] = function (this: object, ...params) {
      if (failed === 0 && source(this).startsWith(sql) && left-- === 0) {
        failed += 1;
        if (isDone) original.apply(this, params);
        throw error(code);
      }
      return original.apply(this, params);
    };
    onTestFinished(() => {
      prototype[method] = original;
    });
  }
  return () => failed;
}
