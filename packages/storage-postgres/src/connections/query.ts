import { digestOf } from '@gati-framework/storage-kit';
import type { PostgresQuery } from './postgres-pool.js';

/** OIDs of the numbers that PostgreSQL sends as text. */
const NUMBERS = new Set([20, 21, 23, 700, 701]);
const BOOLEAN = 16;

/**
 * How values are read, whatever the application has told `pg` about types.
 * Every 64-bit integer here counts something and fits a JavaScript number.
 */
const types: PostgresQuery['types'] = {
  getTypeParser(oid) {
    if (NUMBERS.has(oid)) return Number;
    if (oid === BOOLEAN) return (text: string) => text === 't';
    return (text: string) => text;
  },
};

/** A statement that can be run with any values. */
export type Statement = (values?: unknown[]) => PostgresQuery;

/**
 * @param prepared Under a name made from its text, so that stores of several schemas can share a pool.
 * @param timeout After which nobody waits for an answer any more, in milliseconds; of the pool, if absent.
 */
export function statement(text: string, prepared: boolean, timeout?: number): Statement {
  const limit = timeout === undefined ? {} : { query_timeout: timeout };
  const common = { text, rowMode: 'array', types, ...limit } as const;
  const named = prepared ? { ...common, name: nameOf(text) } : common;
  return (values = []) => ({ ...named, values });
}

function nameOf(text: string): string {
  const halves = [text.slice(0, text.length / 2), text.slice(text.length / 2)];
  return `gati_${halves.map((half) => digestOf(half).toString(36)).join('_')}`;
}
