import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { runSql } from './support/schemas.js';

const database = `instances_${process.pid}`;
const url = new URL(inject('postgresUrl'));

beforeAll(() =>
  runSql(inject('postgresUrl'), `CREATE DATABASE ${database} ENCODING 'UTF8' TEMPLATE template0`),
);
afterAll(() => runSql(inject('postgresUrl'), `DROP DATABASE ${database} WITH (FORCE)`));

test('the example: one of four processes deploys, and all serve it without a restart', () => {
  url.pathname = database;
  const script = fileURLToPath(new URL('../../../examples/many-instances/run.mjs', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, url.href], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  for (const number of [1, 2, 3, 4]) {
    expect(stdout).toMatch(new RegExp(`instance ${number} \\(process \\d+\\) serves 1\\.0\\.0`));
    expect(stdout).toMatch(
      new RegExp(`instance ${number} heard of revision 2 \\(3 changes, now 2\\.0\\.0\\)`),
    );
  }
});
