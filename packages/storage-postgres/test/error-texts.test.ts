import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { translateError } from '../dist/errors/translate-error.js';
import { errorOf, open, ownSchema } from './support/faults.js';
import { roleWith } from './support/roles.js';

const owner = inject('postgresUrl');
test.each([
  ['40001', 'could not serialize access', 'STORAGE_LOCKED', 'at the same time'],
  [
    '40001',
    'canceling statement due to conflict with recovery',
    'STORAGE_UNAVAILABLE',
    'hot_standby_feedback',
  ],
  ['40P01', 'deadlock detected', 'STORAGE_LOCKED', 'pg_locks'],
  [
    '57P05',
    'terminating connection due to idle-session timeout',
    'STORAGE_UNAVAILABLE',
    'idle_session_timeout',
  ],
  ['25P03', 'terminating connection due to idle-in-transaction', 'STORAGE_UNAVAILABLE', 'scanIdleTimeout'],
  ['08P01', 'unsupported startup parameter: statement_timeout', 'STORAGE_UNAVAILABLE', 'pooler: true'],
  ['08P01', 'server conn crashed?', 'STORAGE_UNAVAILABLE', 'cannot be reached'],
])('%s, %s: %s, and what to do', (code, message, storageCode, text) => {
  const error = translateError(Object.assign(new Error(message), { code }), 'schema "x"');
  expect(error.code).toBe(storageCode);
  expect(error.message).toContain(text);
});

test('a role that was set to only read is told so, and by which setting', async () => {
  const { schema } = ownSchema();
  await open({ connectionString: owner, schema }).storeGType(gtype('a', 'a'));
  const connectionString = await roleWith('default_transaction_read_only = on');
  const storage = open({ connectionString, schema, retryTimeout: 100 });
  const error = await errorOf(storage.storeGType(gtype('b')));
  expect(error.code).toBe('STORAGE_READONLY');
  expect(error.message).toContain(
    'default_transaction_read_only is on for the server, the database or the role',
  );
  expect(await storage.getGType('a')).toEqual(gtype('a', 'a'));
  await expect(
    open({ connectionString, schema: `${schema}_new`, retryTimeout: 100 }).open(),
  ).rejects.toMatchObject({
    code: 'STORAGE_READONLY',
  });
});

test('what the transaction_timeout of the server ends says so', async () => {
  const { schema } = ownSchema();
  const connectionString = await roleWith("transaction_timeout = '200ms'");
  const storage = open({ connectionString, schema, retryTimeout: 300, consistency: 'strong' });
  await storage.storeGType(gtype('a'));
  const holder = new pg.Client(owner);
  await holder.connect();
  onTestFinished(() => holder.end());
  await holder.query(`BEGIN; LOCK TABLE ${schema}.store, ${schema}.records`);
  const [read, write] = await Promise.all([
    errorOf(storage.getGType('a')),
    errorOf(storage.storeGType(gtype('b'))),
  ]);
  expect(read.code).toBe('STORAGE_UNAVAILABLE');
  expect(write.code).toBe('STORAGE_IN_DOUBT');
  for (const { message } of [read, write]) expect(message).toContain('transaction_timeout. Raise that');
});
