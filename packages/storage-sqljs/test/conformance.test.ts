import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { describeConformance } from '@gati-framework/storage-testkit/vitest';
import { afterAll } from 'vitest';
import { BETTER_SQLITE3 } from '../../../test/shared-file/support/better-sqlite3.js';
import { withHistory } from '../../../test/support/history-options.js';
import { SqlitePlaces } from '../../../test/support/sqlite-places.js';
import { keptInMemory } from './support/kept-in-memory.js';

const honours = ['historyLimit', 'historyAge', 'maxRecordBytes', 'cacheSize'] as const;
const places = new SqlitePlaces(BETTER_SQLITE3.connect);
afterAll(() => places.remove());

describeConformance('sql.js, on a file', {
  create: (place, options) =>
    createSqlJsStorage({ filename: places.filename(place), ...withHistory(options) }),
  reopen: (place, options) => createSqlJsStorage({ filename: places.move(place), ...withHistory(options) }),
  damage: (place, record) => places.damage(place, record),
  block: (place) => places.block(place),
  honours,
});

describeConformance('sql.js, in memory and without room for a cache', {
  create: () => createSqlJsStorage({ cacheSize: 1 }),
});

const byHand = new SqlitePlaces(BETTER_SQLITE3.connect);
afterAll(() => byHand.remove());

describeConformance('sql.js, on a file and saved by hand', {
  create: (place, options) =>
    createSqlJsStorage({ filename: byHand.filename(place), autoSave: false, ...withHistory(options) }),
  block: (place) => byHand.block(place),
  honours,
});

const appending = keptInMemory({ appends: true });

describeConformance('sql.js, on a persistence that takes its time to append', {
  create: (place) => createSqlJsStorage({ persistence: appending(place), cacheSize: 1 }),
});

const saving = keptInMemory({ appends: false });

describeConformance('sql.js, on a persistence that can only save all of it', {
  create: (place, options) => createSqlJsStorage({ persistence: saving(place), ...withHistory(options) }),
  honours,
});
