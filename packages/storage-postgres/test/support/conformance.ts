import type { RecordKey } from '@gati-framework/manifest-store';
import pg from 'pg';
import { inject } from 'vitest';
import { dropSchema, runSql } from './schemas.js';

const connectionString = inject('postgresUrl');

const honours = ['historyLimit', 'maxRecordBytes', 'cacheSize'] as const;

/** What a place is, whoever opens it. The data is in the server, so `create` opens what a restart would find. */
export const places = {
  honours,
  /** Changes a record and leaves its digest as it was. */
  async damage(place: string, { kind, key }: RecordKey) {
    const name = [kind, ...Object.values(key), ''].slice(0, 3);
    const { rowCount } = await runSql(
      connectionString,
      `UPDATE "${place}".records SET value = (value::jsonb || '{"spoilt": 1}')::text
        WHERE (kind, key1, key2) = (${name.map(pg.escapeLiteral).join()})`,
    );
    if (rowCount !== 1) throw new Error(`there is no ${name.join(' ')} to damage`);
  },
  /** What is not of this library is not opened. */
  async block(place: string) {
    await runSql(
      connectionString,
      `CREATE SCHEMA "${place}"; CREATE TABLE "${place}".store (of_others integer)`,
    );
    return () => dropSchema(connectionString, place);
  },
  destroy: (_: unknown, place: string) => dropSchema(connectionString, place),
};
