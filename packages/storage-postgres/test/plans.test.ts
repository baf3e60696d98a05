import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { open, ownSchema } from './support/faults.js';

/** After so many runs of a statement PostgreSQL compares what it has planned so far with a plan for any parameters. */
const TRIALS = 5;

test('the server plans lone writes, groups of writes and gathered reads once, not each time', async () => {
  const pool = new pg.Pool({ connectionString: inject('postgresUrl'), max: 3 });
  onTestFinished(() => pool.end());
  const options = { consistency: 'strong', listen: false, pollInterval: 600_000 } as const;
  const storage = open({ pool, schema: ownSchema().schema, ...options });
  for (let n = 0; n < 4 * TRIALS; n += 1) {
    await storage.storeGType(gtype('a', `${n}`));
    await Promise.all(['b', 'c', 'd'].map((ref) => storage.storeGType(gtype(ref, `${n}`))));
    await Promise.all(Array.from({ length: 12 }, () => storage.getGType('a')));
  }
  const sessions = await Promise.all([1, 2, 3].map(() => pool.connect()));
  const plans = await Promise.all(sessions.map((session) => session.query('TABLE pg_prepared_statements')));
  for (const session of sessions) session.release();
  const generic = (part: string): number[] =>
    plans
      .flatMap(({ rows }) => rows.filter(({ statement }) => statement.includes(part)))
      .filter((row) => Number(row.generic_plans) + Number(row.custom_plans) > TRIALS)
      .map((row) => {
        expect(Number(row.custom_plans), row.statement).toBe(TRIALS);
        return Number(row.generic_plans);
      });
  for (const part of ['$4::integer AS number', '(SELECT $4::integer[])', '(SELECT $1::text[])']) {
    expect(generic(part).length, part).toBeGreaterThan(0);
  }
});
