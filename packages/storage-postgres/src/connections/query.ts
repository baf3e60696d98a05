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
    return oid === BOOLEAN ? isTrue : asItIs;
  },
};

/** What can be sent; a buffer is in PostgreSQL's binary format. */
export type Parameter = string | number | Buffer | null;

/** A statement that can be run with any values. */
export type Statement = (values?: Parameter[]) => PostgresQuery;

/**
 * @param prepared Under a name made from its text, so that stores of several schemas can share a pool.
 * @param timeout After which nobody waits for an answer any more, in milliseconds; of the connection, if absent.
 */
export function statement(text: string, prepared: boolean, timeout?: number): Statement {
  const limit = timeout === undefined ? {} : { query_timeout: timeout };
  if (!prepared) return (values = []) => ({ text, rowMode: 'array', types, values, ...limit });
  const name = nameOf(text);
  return (values = []) => ({ text, rowMode: 'array', types, values, name, ...limit });
}

function isTrue(text: string): boolean {
  return text === 't';
}

function asItIs(text: string): string {
  return text;
}

function nameOf(text: string): string {
  const halves = [text.slice(0, text.length / 2), text.slice(text.length / 2)];
  return `gati_${halves.map((half) => digestOf(half).toString(36)).join('_')}`;
}
