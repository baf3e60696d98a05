import { quoteLiteral } from './quoting.js';

/** Bytes of the tables of a schema with their indexes. */
export function storeSize(schema: string): string {
  return `(SELECT coalesce(pg_catalog.sum(pg_catalog.pg_total_relation_size(c.oid)), 0)::float8
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${quoteLiteral(schema)} AND c.relkind = 'r')`;
}
