// Run by Deno and Bun: holds one backend to the conformance suite, and prints what came of it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { createNodeSqliteStorage } from '@gati-framework/storage-node-sqlite';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import pg from 'pg';
import { runCases } from './run-cases.mjs';

/** `where` is a folder; for postgres, the address of a server. */
const [, , backend, where] = process.argv;
/** What a runtime can spoil is the way to the database; what is stored there is known from Node.js. */
const GROUPS_OF_DRIVERS = ['visibility', 'atomicity', 'compare-and-set', 'watch'];
const targets = {
  memory: { create: () => createInMemoryStorage() },
  sqljs: {
    create: (place) => createSqlJsStorage({ filename: join(where, `${place}.db`) }),
    destroy: (_, place) => {
      for (const suffix of ['', '-oplog']) rmSync(join(where, `${place}.db${suffix}`), { force: true });
    },
  },
  'node-sqlite': {
    groups: GROUPS_OF_DRIVERS,
    create: (place) => createNodeSqliteStorage({ filename: join(where, `${place}.db`) }),
    destroy: (_, place) => rmSync(join(where, `${place}.db`), { force: true }),
  },
  postgres: {
    groups: GROUPS_OF_DRIVERS,
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
