import { join } from 'node:path';
import { createManifestView } from '@gati-framework/runtime-adapter';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { expect, test } from 'vitest';
import { usedHeap } from '../../../test/support/heap.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { manifestOf } from './support/records.js';

const HANDLERS = 500;
const VERSIONS = 20;

/** 10,000 handlers of 20 versions, in 180 MB. Without what they have in common it is 1,060. */
const BYTES_PER_VERSION = 900;

test('a view holds what versions of a handler have in common once', async () => {
  const storage = createBetterSqlite3Storage({ filename: join(temporaryFolder(), 'gati.db'), cacheSize: 1 });
  const versions = Array.from({ length: HANDLERS * VERSIONS }, (_, i) => {
    const [handler, version] = [i % HANDLERS, Math.floor(i / HANDLERS)];
    const types = `resource-${handler}.operation@1.${version}.0`;
    return manifestOf(`resource-${handler}.operation`, `1.${version}.0`, {
      path: `/resource-${handler}/:id`,
      gtypes: { request: `${types}#request`, response: `${types}#response` },
      hooks: { before: ['authenticate', 'authorize'], after: ['audit'] },
      policies: { roles: ['admin', 'editor'], rateLimit: { limit: 100, window: 60_000 } },
      dependencies: { modules: ['database', 'mail'] },
      hash: `${handler}-${version}-`.padEnd(64, '0123456789abcdef'),
    });
  });
  await storage.commit(versions.map((value) => ({ put: 'manifest', value }) as const));
  versions.length = 0;
  const before = await usedHeap();
  const view = createManifestView(storage);
  await view.open();
  const bytes = ((await usedHeap()) - before) / (HANDLERS * VERSIONS);
  expect(view.getManifestVersions('resource-7.operation')).toHaveLength(VERSIONS);
  expect(bytes).toBeLessThan(BYTES_PER_VERSION);
  await view.close();
  await storage.close();
});
