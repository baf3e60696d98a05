// Run by Deno and Bun: holds one backend to the conformance suite, and prints what came of it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { runCases } from './run-cases.mjs';

const [, , backend, folder] = process.argv;
const targets = {
  memory: { create: () => createInMemoryStorage() },
  sqljs: {
    create: (place) => createSqlJsStorage({ filename: join(folder, `${place}.db`) }),
    destroy: (_, place) => {
      for (const suffix of ['', '-oplog']) rmSync(join(folder, `${place}.db${suffix}`), { force: true });
    },
  },
};

console.log(JSON.stringify(await runCases(targets[backend])));
