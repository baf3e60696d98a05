import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { BinaryArray, type ElementType } from '../dist/sql/binary-arrays.js';

async function readBack(type: ElementType, values: readonly (string | number | null)[]): Promise<unknown> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  onTestFinished(() => client.end());
  const array = new BinaryArray(type);
  for (const value of values) array.add(value);
  const text = `SELECT array_to_json($1::${type}[])::text AS json, cardinality($1::${type}[]) AS length`;
  const { rows } = await client.query(text, [array.finish()]);
  return { ...rows[0], json: JSON.parse(rows[0].json) };
}

test.each<[ElementType, (string | number | null)[]]>([
  ['text', []],
  ['text', [null]],
  ['text', ['', 'a', null, 'ä€😀"\\{},\n', 'x'.repeat(100_000), 'end']],
  ['integer', [0, -1, 2 ** 31 - 1, null]],
  ['bigint', [0, -1, Number.MAX_SAFE_INTEGER, null]],
  ['double precision', [0, -1.5, 1e300, null, 5e-324]],
])('the server reads an array of %s as it was written', async (type, values) => {
  expect(await readBack(type, values)).toEqual({ json: values, length: values.length });
});
