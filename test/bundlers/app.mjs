// What the bundlers are given: tells of each storage whether it works, or why not.
import { join } from 'node:path';
import { createManifestStore } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';

const folder = process.argv[2];
const openings = {
  memory: () => createManifestStore(),
  sqljs: () => createSqlJsStorage({ filename: join(folder, 'sqljs.db') }),
  betterSqlite3: () => createBetterSqlite3Storage({ filename: join(folder, 'better-sqlite3.db') }),
};

async function use(open) {
  try {
    const storage = open();
    await storage.storeGType({ ref: 'User', kind: 'object' });
    const { revision } = await storage.stats();
    await storage.close();
    return `at revision ${revision}`;
  } catch ({ code, message }) {
    return `${code}: ${message}`;
  }
}

async function main() {
  const outcomes = {};
  for (const [name, open] of Object.entries(openings)) outcomes[name] = await use(open);
  console.log(JSON.stringify(outcomes));
}

main();
