import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';

type Method = 'get' | 'all' | 'run';

/** What a statement of better-sqlite3 is, as far as these faults need it. */
type StatementPrototype = Record<Method, (...params: unknown[]) => unknown> & { readonly source: string };

/**
 * Makes one run of a statement fail, the next one in any storage of this process, or
 * one after it; until the test ends.
 *
 * @param sql What the text of the statement begins with.
 * @param code SQLite's result code. The statement is not run.
 * @param passing How many runs come before it.
 * @returns How many runs have failed so far.
 */
export function failStatement(sql: string, code: string, passing = 0): () => number {
  let left = passing;
  const probe = new Database(':memory:');
  const prototype = Object.getPrototypeOf(probe.prepare('SELECT 1')) as StatementPrototype;
  probe.close();
  let failed = 0;
  for (const method of ['get', 'all', 'run'] as const) {
    const original = prototype[method];
    prototype[method] = function (...params) {
      if (failed === 0 && this.source.startsWith(sql) && left-- === 0) {
        failed += 1;
        throw Object.assign(new Error('disk I/O error'), { code });
      }
      return original.apply(this, params);
    };
    onTestFinished(() => {
      prototype[method] = original;
    });
  }
  return () => failed;
}
