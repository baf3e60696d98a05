import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createEtcdStorage, type EtcdStorageOptions } from '@gati-framework/storage-etcd';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { resolveOptions } from '../dist/options/options.js';

const urlsOf = (options: EtcdStorageOptions): string[] =>
  resolveOptions(options).endpoints.map(({ url }) => url);

test('members are named with or without protocol and port', () => {
  expect(urlsOf({ endpoints: 'a,b:1,[::1]:2' })).toEqual(['http://a:2379', 'http://b:1', 'http://[::1]:2']);
  expect(urlsOf({ endpoints: ['https://a', 'https://b:443'] })).toEqual(['https://a:2379', 'https://b:443']);
  expect(urlsOf({ endpoints: ['a', 'b'], tls: true })).toEqual(['https://a:2379', 'https://b:2379']);
});

test('a connection string says what options say, and options that are given win', () => {
  const ca = join(temporaryFolder(), 'ca.pem');
  writeFileSync(ca, 'certificate');
  const connectionString = `etcd://me:p%40ss:w@a:1,b:2/apps/gati?ca=${ca}&servername=etcd.internal`;
  const { endpoints, prefix, tls, credentials } = resolveOptions({ connectionString, prefix: 'other' });
  expect(endpoints.map(({ url }) => url)).toEqual(['https://a:1', 'https://b:2']);
  expect([prefix, tls]).toEqual(['other', { ca: 'certificate', servername: 'etcd.internal' }]);
  expect([credentials?.user, credentials?.password()]).toEqual(['me', 'p@ss:w']);
  expect(resolveOptions({ connectionString }).prefix).toBe('apps/gati');
  expect(resolveOptions({ connectionString: 'etcd://a' })).toMatchObject({
    prefix: 'gati',
    credentials: undefined,
  });
});

test.each<[string, EtcdStorageOptions, string]>([
  ['no cluster', {}, 'options.endpoints'],
  [
    'a connection string that was forgotten',
    { connectionString: undefined } as object,
    'options.connectionString',
  ],
  ['another scheme', { connectionString: 'http://a/gati' }, 'options.connectionString'],
  ['no host', { connectionString: 'etcd:///gati' }, 'options.connectionString'],
  ['a parameter that is not known', { connectionString: 'etcd://a/?cacert=x' }, 'options.connectionString'],
  [
    'a parameter that is there twice',
    { connectionString: 'etcd://a/?tls=true&tls=true' },
    'options.connectionString',
  ],
  [
    'a file that is not there',
    { connectionString: 'etcd://a/?ca=/nowhere/ca.pem' },
    'options.connectionString',
  ],
  [
    'certificates without TLS',
    { connectionString: 'etcd://a/?tls=false&servername=x' },
    'options.connectionString',
  ],
  ['a user without a password', { connectionString: 'etcd://me@a/gati' }, 'options.connectionString'],
  ['an endpoint with a path', { endpoints: ['a:1/x'] }, 'options.endpoints'],
  ['an empty list', { endpoints: [] }, 'options.endpoints'],
  ['TLS to some only', { endpoints: ['http://a', 'https://b'] }, 'options.endpoints'],
  ['no TLS where it is asked for', { endpoints: ['http://a'], tls: true }, 'options.endpoints'],
  ['a prefix that ends with a slash', { endpoints: 'a', prefix: 'gati/' }, 'options.prefix'],
  ['an empty prefix', { endpoints: 'a', prefix: '' }, 'options.prefix'],
  ['a password without a user', { endpoints: 'a', password: 'x' }, 'options.user'],
  ['a user without a password as options', { endpoints: 'a', user: 'x' }, 'options.password'],
  ['an option of another backend', { endpoints: 'a', schema: 'x' } as object, 'options.schema'],
])('%s is refused', (_, options, path) => {
  expect(() => createEtcdStorage(options as EtcdStorageOptions)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTIONS', path }),
  );
});

test('no error and no storage shows a password', () => {
  const shown = (value: unknown): string => inspect(value, { depth: 12, showHidden: true });
  for (const connectionString of [
    'etcd://me:geheim@a:port/gati',
    'etcd://me:geheim@a/gati?sll=true',
    'etcd://me:ge%heim@a/gati',
    'etcd://geheim@a/gati',
    'etcd:me:geheim@a',
  ]) {
    try {
      createEtcdStorage({ connectionString });
      expect.unreachable(connectionString);
    } catch (error) {
      expect(shown(error)).not.toMatch(/geheim|heim@/);
    }
  }
  expect(shown(createEtcdStorage({ connectionString: 'etcd://me:geheim@a/gati' }))).not.toContain('geheim');
});
