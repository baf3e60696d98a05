import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, inject, test } from 'vitest';
import { dropSchema } from './support/schemas.js';

const connectionString = inject('postgresUrl');
const schemas: string[] = [];

afterAll(() => Promise.all(schemas.map((schema) => dropSchema(connectionString, schema))));

test.each([
  ['closes its storages', {}],
  ['leaves them open', { stayOpen: true }],
  ['polls', { listen: false, pollInterval: 50 }],
  ['reads strongly', { consistency: 'strong' }],
])('a script that %s gets every answer, and ends', (name, options) => {
  const schema = `script_${process.pid}_${schemas.length}`;
  schemas.push(schema);
  const script = fileURLToPath(new URL('./support/children/script.mjs', import.meta.url));
  const args = [script, connectionString, schema, JSON.stringify(options)];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 });
  expect({ name, status, stderr }).toEqual({ name, status: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({ revision: 40 });
});
