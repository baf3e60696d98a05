import { execFileSync } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStorage } from '@gati-framework/storage-tools';
import Database from 'better-sqlite3';
import pg from 'pg';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { APPLICATION_ID, MIGRATIONS } from '../../storage-sqlite/src/index.js';
import { formatBytes } from '../src/text/format-bytes.js';
import { BIN, runCommand } from './support/command.js';

const KNOWN = MIGRATIONS.length;

describe.each(['sqlite', 'sqljs'])('gati-storage on a %s: store', (scheme) => {
  test('info says what it is', async () => {
    const file = join(temporaryFolder(), 'gati.db');
    const store = `${scheme}:${file}`;
    {
      await using storage = await openStorage(store);
      await storage.storeGType(gtype('A'));
    }
    const { bytes } = JSON.parse((await runCommand(['stats', '--store', store, '--json'])).out);
    const { code, out } = await runCommand(['info', '--store', store]);
    expect(code).toBe(0);
    for (const line of [
      /^gati-storage +\d+\.\d+\.\d+$/m,
      new RegExp(`^backend +${scheme === 'sqlite' ? 'better-sqlite3' : 'sqljs'}$`, 'm'),
      new RegExp(`^schema version +${KNOWN}$`, 'm'),
      /^revision +1$/m,
      /^GTypes +1$/m,
      /^can +.*commit, entries, watch/m,
    ])
      expect(out).toMatch(line);
    expect(out).toContain(`  ${file}\n`);
    const told = JSON.parse((await runCommand(['info', '--store', store, '--json'])).out);
    expect(told).toMatchObject({
      scheme,
      file,
      schemaVersion: KNOWN,
      knownVersion: KNOWN,
      stats: { revision: 1, gtypeCount: 1 },
      capabilities: { commit: true },
    });
    const onDisk = [file, `${file}-wal`, `${file}-shm`].filter(existsSync).map((path) => statSync(path).size);
    expect(told.bytes).toBe(onDisk.reduce((sum, size) => sum + size));
    const [size, all] = [formatBytes(bytes), formatBytes(told.bytes)];
    expect(told.stats.bytes).toBe(bytes);
    expect(out).toMatch(new RegExp(`^size +${size}\non disk +${all}$`, 'm'));
  });

  test('info of an empty file says that there is no store yet, and leaves it empty', async () => {
    const file = join(temporaryFolder(), 'gati.db');
    writeFileSync(file, '');
    const { code, out, err } = await runCommand(['info', '--store', `${scheme}:${file}`]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      new RegExp(`^schema version +none yet; gati-storage migrate makes version ${KNOWN}$`, 'm'),
    );
    expect(statSync(file).size).toBe(0);
  });

  test('migrate makes a store, and says so once', async () => {
    const file = join(temporaryFolder(), 'gati.db');
    const migrate = (...args: string[]) => runCommand(['migrate', ...args, '--store', `${scheme}:${file}`]);
    const printed = await migrate('--print');
    expect(printed.out).toMatch(/^BEGIN IMMEDIATE;\n[\s\S]*\nCOMMIT;\n$/);
    expect(existsSync(file)).toBe(false);
    expect(await migrate()).toEqual({ code: 0, err: '', out: `Made a store of schema version ${KNOWN}.\n` });
    expect((await migrate()).out).toBe(`Nothing to do: the schema has version ${KNOWN}.\n`);
    expect((await migrate('--print')).out).toBe(`-- Nothing to do: the schema has version ${KNOWN}.\n`);
    expect(JSON.parse((await migrate('--json')).out)).toEqual({ from: KNOWN, to: KNOWN, changed: false });
  });
});

test('info of an older file says how it is brought up to date, and migrate does', async () => {
  const file = join(temporaryFolder(), 'gati.db');
  const database = new Database(file);
  database.exec(MIGRATIONS[0] ?? '');
  database.pragma(`application_id = ${APPLICATION_ID}`);
  database.pragma('user_version = 1');
  database.close();
  const store = `sqlite:${file}`;
  expect((await runCommand(['info', '--store', store])).out).toContain(
    `1; gati-storage migrate brings it to ${KNOWN}\n`,
  );
  const printed = JSON.parse((await runCommand(['migrate', '--print', '--json', '--store', store])).out);
  expect(printed).toEqual({
    from: 1,
    to: KNOWN,
    sql: expect.stringContaining(`PRAGMA user_version = ${KNOWN};`),
  });
  expect((await runCommand(['migrate', '--store', store])).out).toBe(
    `Brought the schema from version 1 to ${KNOWN}.\n`,
  );
  expect((await runCommand(['info', '--store', store])).out).toMatch(
    new RegExp(`^schema version +${KNOWN}$`, 'm'),
  );
});

test('info of a store that is not there says so, and makes none', async () => {
  const file = join(temporaryFolder(), 'gati.db');
  expect(await runCommand(['info', '--store', `sqlite:${file}`])).toMatchObject({
    code: 1,
    err: expect.stringContaining('does not exist'),
  });
  expect(existsSync(file)).toBe(false);
  for (const command of ['info', 'migrate'])
    expect(await runCommand([command, '--store', 'sqlite://a.db?b'])).toMatchObject({ code: 2, out: '' });
});

test('on a postgres: store, info tells of the schema and not of secrets, and migrate makes it', async () => {
  const server = inject('postgresUrl');
  const schema = `info_${process.pid}`;
  const url = new URL(server);
  const store = `${server}?schema=${schema}`;
  onTestFinished(async () => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`).finally(() => client.end());
  });
  const before = await runCommand(['info', '--store', store]);
  expect(before).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(/^schema version +none yet; /m),
  });
  const script = await runCommand(['migrate', '--print', '--store', store]);
  expect(script.out).toMatch(/^BEGIN ISOLATION LEVEL READ COMMITTED;\n[\s\S]*\nCOMMIT;\n$/);
  expect(script.out).toContain(`"${schema}"`);
  expect((await runCommand(['migrate', '--store', store])).out).toMatch(
    /^Made a store of schema version \d+\.\n$/,
  );
  const { out } = await runCommand(['info', '--store', store]);
  expect(out).toMatch(new RegExp(`^schema +${schema}$`, 'm'));
  expect(out).toMatch(/^server +PostgreSQL \d+/m);
  expect(out).toMatch(/^size +\d+ KiB$/m);
  const told = await runCommand(['info', '--store', store, '--json']);
  expect(JSON.parse(told.out)).toMatchObject({ scheme: 'postgres', schema, stats: { revision: 0 } });
  if (url.password !== '') expect(out + told.out).not.toContain(url.password);
  expect(out + told.out).not.toContain('postgres://');
});

test('migrate as a process leaves nothing behind that keeps it alive', () => {
  const file = join(temporaryFolder(), 'gati.db');
  expect(
    execFileSync(process.execPath, [BIN, 'migrate', '--store', `sqljs:${file}`], { encoding: 'utf8' }),
  ).toContain('Made');
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [300 * 1024, '300 KiB'],
  [5.25 * 1024 ** 3, '5.3 GiB'],
  [2000 * 1024 ** 4, '2000 TiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.skipIf(inject('etcdUrl') === '')('info of a store in etcd names the prefix and the server', async () => {
  const store = `etcd://${new URL(inject('etcdUrl')).host}/info-${process.pid}`;
  {
    await using storage = await openStorage(store);
    await storage.storeGType(gtype('A'));
  }
  const { code, out } = await runCommand(['info', '--store', store]);
  expect(code).toBe(0);
  for (const line of [/^prefix +info-/m, /^server +etcd 3\.\d+\.\d+$/m, /^revision +1$/m, /^GTypes +1$/m])
    expect(out).toMatch(line);
  expect(out).not.toContain('PostgreSQL');
});
