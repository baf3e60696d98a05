import type { StorageContract } from '@gati-framework/manifest-store';
import { describeConformance } from '@gati-framework/storage-testkit/vitest';
import { afterAll } from 'vitest';
import { withHistory } from '../support/history-options.js';
import { SqlitePlaces } from '../support/sqlite-places.js';
import { backend } from './support/backend.js';
import type { RawConnection } from './support/file-backend.js';

const honours = ['historyLimit', 'historyAge', 'maxRecordBytes', 'cacheSize'] as const;
const places = new SqlitePlaces(backend.connect);
afterAll(() => places.remove());

describeConformance(`${backend.name}, on a file`, {
  create: (place, options) => backend.create({ filename: places.filename(place), ...withHistory(options) }),
  reopen: (place, options) => backend.create({ filename: places.move(place), ...withHistory(options) }),
  damage: (place, record) => places.damage(place, record),
  block: (place) => places.block(place),
  honours,
});

const databases = new WeakMap<StorageContract, RawConnection>();

describeConformance(`${backend.name}, on the caller's connection, not waiting for the disk`, {
  create(place, options) {
    const database = backend.connect(places.filename(`${place}-given`));
    const storage = backend.createOn({
      connection: database,
      durability: 'process-crash',
      ...withHistory(options),
    });
    databases.set(storage, database);
    return storage;
  },
  honours,
  destroy: (storage) => databases.get(storage)?.close(),
});

describeConformance(`${backend.name}, in memory`, {
  create: (_, options) => backend.create({ filename: ':memory:', ...withHistory(options) }),
  honours,
});

describeConformance(`${backend.name}, in memory and without room for a cache`, {
  create: () => backend.create({ filename: ':memory:', cacheSize: 1 }),
});
