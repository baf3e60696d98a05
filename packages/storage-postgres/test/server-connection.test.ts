import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import type { PostgresResult } from '../dist/connections/postgres-pool.js';
import { statement } from '../dist/connections/query.js';
import { ServerConnection } from '../dist/connections/server-connection.js';
import { BinaryArray } from '../dist/sql/binary-arrays.js';

/** A connection of a pool of its own, and the names of the messages that the server sends on it. */
async function connect(timeout = 30_000) {
  const pool = new pg.Pool({ connectionString: inject('postgresUrl'), max: 1 });
  const client = await pool.connect();
  onTestFinished(async () => {
    client.release(true);
    await pool.end();
  });
  const messages: string[] = [];
  const { connection } = client as unknown as { connection: pg.Connection };
  connection.on('message', ({ name }: { name: string }) => messages.push(name));
  const told = (name: string): number => messages.filter((message) => message === name).length;
  return { client, told, connection: new ServerConnection(client, timeout) };
}

const oneOfEach = statement(
  `SELECT $1::text, $2::integer, $3::bigint, $4::double precision, $5::integer > 0, NULL, unnest($6::text[])`,
  true,
);

function listOf(...values: (string | null)[]): Buffer {
  const list = new BinaryArray('text');
  for (const value of values) list.add(value);
  return list.finish();
}

test('a prepared statement is parsed and described once, and every answer is read as the first', async () => {
  const { connection, told } = await connect();
  for (const [n, text] of ['a', 'ä \u{1f600}', ''].entries()) {
    const { rows } = await connection.query(oneOfEach([text, n, 2 ** 40, 0.5, n, listOf('x', null, '')]));
    const head = [text, n, 2 ** 40, 0.5, n > 0, null];
    expect(rows).toEqual([
      [...head, 'x'],
      [...head, null],
      [...head, ''],
    ]);
  }
  expect([told('parseComplete'), told('rowDescription'), told('dataRow')]).toEqual([1, 1, 9]);
});

test('statements of several texts do not read each other’s answers', async () => {
  const { connection } = await connect();
  const text = statement('SELECT $1::text', true);
  const number = statement('SELECT $1::integer', true);
  for (let n = 0; n < 3; n += 1) {
    expect((await connection.query(text(['1']))).rows).toEqual([['1']]);
    expect((await connection.query(number(['1']))).rows).toEqual([[1]]);
  }
});

test('a statement without columns, and one that is not prepared, are run as well', async () => {
  const { connection } = await connect();
  const nothing = statement('SET LOCAL lock_timeout = 1', true);
  const twice = statement('SELECT 1; SELECT 2', false);
  for (let n = 0; n < 2; n += 1) {
    expect((await connection.query(nothing())).rows).toEqual([]);
    expect(await connection.query(twice())).toMatchObject([{ rows: [[1]] }, { rows: [[2]] }]);
  }
});

test('an error is that of the server, and the same statement runs again after it', async () => {
  const { connection, told } = await connect();
  const tenBy = statement('SELECT 10 / $1::integer', true);
  // Before anything was described, and before and after the first answer.
  await expect(connection.query(tenBy(['no number']))).rejects.toMatchObject({ code: '22P02' });
  await expect(connection.query(tenBy([0]))).rejects.toMatchObject({ code: '22012' });
  expect((await connection.query(tenBy([5]))).rows).toEqual([[2]]);
  await expect(connection.query(tenBy([0]))).rejects.toMatchObject({ code: '22012' });
  expect((await connection.query(tenBy([2]))).rows).toEqual([[5]]);
  expect(told('parseComplete')).toBe(1);
});

test('a statement that the session has forgotten is said to be unknown', async () => {
  const { connection } = await connect();
  const one = statement('SELECT 1', true);
  await connection.query(one());
  await connection.query(statement('DEALLOCATE ALL', false)());
  await expect(connection.query(one())).rejects.toMatchObject({ code: '26000' });
});

test('whoever traces what is asked of pg sees a query with its text, and its answer', async () => {
  const { client, connection } = await connect();
  const seen: unknown[] = [];
  const query = client.query.bind(client) as (traced: Traced) => unknown;
  // As instrumentations of pg do it.
  Object.assign(client, {
    query: (traced: Traced) => {
      const { callback } = traced;
      traced.callback = (error, result) => {
        seen.push([traced.text, error === null ? result?.rows : (error as { code: string }).code]);
        callback(error, result);
      };
      return query(traced);
    },
  });
  const tenBy = statement('SELECT 10 / $1::integer', true);
  expect((await connection.query(tenBy([5]))).rows).toEqual([[2]]);
  await expect(connection.query(tenBy([0]))).rejects.toMatchObject({ code: '22012' });
  expect(seen).toEqual([
    ['SELECT 10 / $1::integer', [[2]]],
    ['SELECT 10 / $1::integer', '22012'],
  ]);
});

interface Traced {
  readonly text: string;
  callback(error: unknown, result?: PostgresResult): void;
}

test('nobody waits for longer than a statement may take, whether it is prepared or not', async () => {
  const { connection } = await connect(50);
  const sleep = 'SELECT pg_sleep(600)';
  await expect(connection.query(statement(sleep, true)())).rejects.toThrow('Query read timeout');
  const other = await connect(50);
  await expect(other.connection.query(statement(sleep, false)())).rejects.toThrow('Query read timeout');
});

test('a statement may take longer than the one before it, or less', async () => {
  const { connection } = await connect(60_000);
  const sleep = (seconds: number, timeout: number) =>
    connection.query(statement(`SELECT true FROM pg_sleep(${seconds})`, true, timeout)());
  expect((await sleep(0, 500)).rows).toEqual([[true]]);
  // The timer of the one before it comes first.
  expect((await sleep(0.7, 60_000)).rows).toEqual([[true]]);
  await expect(sleep(600, 20)).rejects.toThrow('Query read timeout');
});

test('a connection that is lost is lost to whoever waits', async () => {
  const { client, connection } = await connect();
  client.on('error', () => {});
  const waiting = connection.query(statement('SELECT pg_sleep(600)', true)());
  const lost = expect(waiting).rejects.toMatchObject({ code: '57P01' });
  const other = await connect();
  await other.client.query('SELECT pg_terminate_backend($1)', [Reflect.get(client, 'processID')]);
  await lost;
  await expect(connection.query(statement('SELECT 1', true)())).rejects.toThrow(/not queryable|terminated/);
});
