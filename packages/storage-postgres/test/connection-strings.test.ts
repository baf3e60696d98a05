import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { describe, expect, inject, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { open, ownSchema, runScript } from './support/faults.js';

const address = 'postgres://u:geheim@localhost/db';

function refusalOf(options: object): { code?: string; path?: string; message: string } {
  try {
    createPostgresStorage(options);
  } catch (error) {
    return error as Error;
  }
  throw new Error('was not refused');
}

describe('a connection string', () => {
  test('names the schema; the option wins where both do', async () => {
    const [said, given] = [ownSchema(), ownSchema()];
    const connectionString = `${inject('postgresUrl')}?schema=${said.schema}&application_name=me`;
    await open({ connectionString }).storeGType(gtype('in the string'));
    await open({ connectionString, schema: given.schema }).storeGType(gtype('in the option'));
    expect(await open(said).getGType('in the string')).toBeDefined();
    expect(await open(given).getGType('in the option')).toBeDefined();
  });

  test('says that there is a pooler, and how long connecting may take', async () => {
    const { connectionString, schema } = ownSchema();
    const storage = open({ connectionString: `${connectionString}?schema=${schema}&pooler=true` });
    await storage.open();
    const other = open({ connectionString, schema });
    expect((await other.stats()).revision).toBe(0);
    const unreachable = open({
      connectionString: 'postgres://u:p@192.0.2.1/db?connect_timeout=1',
      retryTimeout: 1,
    });
    const begun = performance.now();
    await expect(unreachable.open()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(performance.now() - begun).toBeLessThan(4_000);
  });

  test.each([
    [`${address}?schem=x`, 'did you mean schema?'],
    [`${address}?ssl_mode=require`, 'did you mean sslmode?'],
    [`${address}?sslmode=verify-full&connection_limit=5`, '"connection_limit"'],
    ['postgres://u:geheim@db1,db2/db?Schema=x', 'did you mean schema?'],
    [`${address}?schema=a&schema=b`, 'more than once'],
    [`${address}?pooler=yes`, 'pooler=true or pooler=false'],
    [`${address}?connect_timeout=soon`, 'whole seconds'],
  ])('%s is refused with the reason, and without the password', (connectionString, reason) => {
    const error = refusalOf({ connectionString });
    expect(error).toMatchObject({ code: 'INVALID_OPTIONS', path: 'options.connectionString' });
    expect(error.message).toContain(reason);
    expect(error.message).not.toContain('geheim');
  });

  test.each([
    `${address}?sslmode=verify-full&channel_binding=require&target_session_attrs=read-write`,
    `${address}?application_name=x&connect_timeout=0&keepalives=1`,
    `${address}?options=-c%20geqo%3Doff&statement_timeout=1000&uselibpqcompat=true`,
    `${address}?schema=a%20b&pooler=false`,
    'socket:/tmp/x?db=y&encoding=utf8',
    '/tmp/x y',
    'postgres://u:p@[::1]:5432,db2:5433/db?schema=x',
  ])('%s is accepted', async (connectionString) => {
    await createPostgresStorage({ connectionString }).close();
  });
});

describe('a server that is named by nothing', () => {
  test.each(['connectionString', 'hosts', 'pool'])('since %s is undefined is not guessed', (name) => {
    const error = refusalOf({ [name]: undefined, schema: 'x' });
    expect(error).toMatchObject({ code: 'INVALID_OPTIONS', path: `options.${name}` });
    expect(error.message).toContain('is the variable that it comes from set?');
  });

  test('is that of the environment when the options are left out, and what is undefined does not matter beside another', async () => {
    await createPostgresStorage().close();
    await createPostgresStorage({ schema: 'x' }).close();
    const besides: object = { connectionString: address, hosts: undefined, pool: undefined };
    await createPostgresStorage(besides).close();
  });
});

const WITHOUT_PG = `
  import { register } from 'node:module';
  const resolve = async (name, context, next) => {
    if (name === 'pg') throw Object.assign(new Error('Cannot find package pg'), { code: 'ERR_MODULE_NOT_FOUND' });
    return next(name, context);
  };
  register('data:text/javascript,' + encodeURIComponent('export const resolve = ' + resolve));
  const { createPostgresStorage } = await import('@gati-framework/storage-postgres');
  const told = async (call) => call().then(() => 'fine', ({ name, code, message }) => [name, code, message]);
  const storage = createPostgresStorage({ hosts: ['localhost'] });
  const pool = { connect: async () => { throw new Error('the pool was asked'); }, on() {}, removeListener() {} };
  console.log(JSON.stringify([
    await told(() => storage.open()),
    await told(() => createPostgresStorage({ connectionString: 'postgres://localhost/x' }).stats()),
    await told(() => createPostgresStorage({ pool }).open()),
  ]));
`;

test('without pg the package can be imported, says what to install, and uses a pool that is given', async () => {
  const { stdout, stderr } = await runScript(WITHOUT_PG, [], 20_000);
  expect(stderr).toBe('');
  const [opened, asked, given] = JSON.parse(stdout);
  const missing = ['StorageError', 'STORAGE_DRIVER_MISSING', expect.stringContaining('npm install pg')];
  expect(opened).toEqual(missing);
  expect(asked).toEqual(missing);
  expect(given).toEqual(['StorageError', 'STORAGE_FAILED', expect.stringContaining('the pool was asked')]);
});
