import { expect, test } from 'vitest';
import { parseHosts, replaceHost, splitHosts } from '../dist/options/hosts.js';

test.each([
  ['postgres://u:p@db/x', ['db']],
  ['postgres://u:p@db1:5432,db2/x?sslmode=verify-full', ['db1:5432', 'db2']],
  ['postgresql://[::1]:5433,[fe80::2]/x', ['[::1]:5433', '[fe80::2]']],
  ['postgres://u:p%40ss@db1,db2', ['db1', 'db2']],
  ['postgres:///x?host=/tmp', []],
])('%s names %j', (connectionString, hosts) => {
  expect(splitHosts(connectionString)).toEqual(hosts);
});

test('a connection string keeps everything but its hosts', () => {
  const [first, second] = parseHosts(['db1:5432', '[::1]'], 'options.hosts') as [
    { host: string },
    { host: string },
  ];
  const original = 'postgres://u:p@a,b/x?application_name=y@z';
  expect(replaceHost(original, first)).toBe('postgres://u:p@db1:5432/x?application_name=y@z');
  expect(replaceHost(original, second)).toBe('postgres://u:p@[::1]/x?application_name=y@z');
});

test.each(['', 'a b', 'db:port', 'db:70000', '::1', 'db1:5432:1', 'u@db'])('%j is no server', (host) => {
  expect(() => parseHosts([host], 'options.hosts')).toThrow('options.hosts names the server');
});
