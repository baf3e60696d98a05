import initSqlJs from 'sql.js';
import { onTestFinished } from 'vitest';

/** What a statement of sql.js is, as far as these faults need it. */
interface StatementPrototype {
  step(): boolean;
  getSQL(): string;
}

/**
 * Makes the next runs of one statement fail, in all storages of this process,
 * until the test ends.
 *
 * @param error What each run throws; the statement is not run.
 * @param times How many runs fail.
 * @returns How many have failed so far.
 */
export async function failStatement(sql: string, error: unknown, times = 1): Promise<() => number> {
  const { Database } = await initSqlJs();
  const probe = new Database();
  const prototype = Object.getPrototypeOf(probe.prepare('SELECT 1')) as StatementPrototype;
  probe.close();
  const { step } = prototype;
  let failed = 0;
  prototype.step = function () {
    if (failed < times && this.getSQL() === sql) {
      failed += 1;
      throw error;
    }
    return step.call(this);
  };
  onTestFinished(() => {
    prototype.step = step;
  });
  return () => failed;
}
