import { expect, inject, test } from 'vitest';
import { ownSchema, runScript } from './support/faults.js';

const LEAK = `
  import { createPostgresStorage } from '@gati-framework/storage-postgres';
  import pg from 'pg';
  const [connectionString, schema, whose] = process.argv.slice(1);
  const pool = whose === 'given' ? new pg.Pool({ connectionString }) : undefined;
  const storage = createPostgresStorage({ ...(pool === undefined ? { connectionString } : { pool }), schema });
  await storage.storeGType({ ref: 'x', kind: 'primitive', primitiveType: 'string' });
  const key = { kind: 'gtype', key: { ref: 'x' } };
  const heapAfter = async (reads) => {
    for (let i = 0; i < reads; i += 1) await storage.get(key);
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc();
    return process.memoryUsage().heapUsed;
  };
  const before = await heapAfter(3_000);
  const after = await heapAfter(8_000);
  console.log(JSON.stringify({ perStatement: (after - before) / 8_000 }));
  await storage.close();
  await pool?.end();
`;

test.each(['its own', 'given'])(
  'statements through a pool that is %s leave nothing behind',
  async (whose) => {
    const { schema } = ownSchema();
    const args = [inject('postgresUrl'), schema, whose];
    const { stdout, stderr, status } = await runScript(LEAK, args, 50_000, ['--expose-gc']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout).perStatement).toBeLessThan(100);
  },
);
