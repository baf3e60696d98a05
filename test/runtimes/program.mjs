// Run by Deno and Bun: holds one backend to the conformance suite, and prints what came of it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import pg from 'pg';
import { runCases } from './run-cases.mjs';

/** `where` is a folder; for postgres, the address of a server. */
const [, , backend, where] = process.argv;
const targets = {
  memory: { create: () => createInMemoryStorage() },
  sqljs: {
    create: (place) => createSqlJsStorage({ filename: join(where, `${place}.db`) }),
    destroy: (_, place) => {
      for (const suffix of ['', '-oplog']) rmSync(join(where, `${place}.db${suffix}`), { force: true });
    },
  },
  postgres: {
    // What a runtime can spoil is the way to the server; what is stored there is known from Node.js.
    groups: ['visibility', 'atomicity', 'compare-and-set', 'watch'],
    create: (place) => createPostgresStorage({ connectionString: where, schema: place }),
    destroy: (_, place) => dropSchema(place),
  },
};

async function dropSchema(name) {
  const client = new pg.Client({ connectionString: where });
  await client.connect();
  await client.query(`SET client_min_messages = warning; DROP SCHEMA IF EXISTS "${name}" CASCADE`);
  await client.end();
}

console.log(JSON.stringify(await runCases(targets[backend], targets[backend].groups)));
