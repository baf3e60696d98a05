import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { describeConformance } from '@gati-framework/storage-testkit/vitest';
import { afterAll } from 'vitest';
import { keptInMemory } from './kept-in-memory.js';

const folder = mkdtempSync(join(tmpdir(), 'gati-conformance-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeConformance('sql.js, on a file', {
  create: (place) => createSqlJsStorage({ filename: join(folder, `${place}.db`) }),
});

describeConformance('sql.js, in memory and without room for a cache', {
  create: () => createSqlJsStorage({ cacheSize: 1 }),
});

describeConformance('sql.js, on a file and saved by hand', {
  create: (place) => createSqlJsStorage({ filename: join(folder, `${place}-by-hand.db`), autoSave: false }),
});

const appending = keptInMemory({ appends: true });

describeConformance('sql.js, on a persistence that takes its time to append', {
  create: (place) => createSqlJsStorage({ persistence: appending(place), cacheSize: 1 }),
});

const saving = keptInMemory({ appends: false });

describeConformance('sql.js, on a persistence that can only save all of it', {
  create: (place) => createSqlJsStorage({ persistence: saving(place) }),
});
