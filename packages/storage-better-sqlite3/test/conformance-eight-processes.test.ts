import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { describeConformance } from '@gati-framework/storage-testkit/vitest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Fleet } from '../../../test/support/eight-processes/fleet.js';
import { FleetStorage } from '../../../test/support/eight-processes/fleet-storage.js';

const folder = mkdtempSync(join(tmpdir(), 'gati-eight-processes-'));
const fleet = new Fleet(8);

beforeAll(() => fleet.ready());

afterAll(async () => {
  await fleet.stop();
  rmSync(folder, { recursive: true, force: true });
});

describeConformance('better-sqlite3, eight processes on one file', {
  create(place, asked) {
    const options = { filename: join(folder, `${place}.db`), ...asked };
    const name = 'createBetterSqlite3Storage';
    const factory = { package: '@gati-framework/storage-better-sqlite3', name, options };
    return new FleetStorage(fleet, createBetterSqlite3Storage(options), factory);
  },
  honours: ['historyLimit', 'maxRecordBytes', 'cacheSize'],
  destroy: (storage) => storage.forget(),
});

test('all eight processes took part', async () => {
  expect(fleet.answered).toHaveLength(8);
  for (const answered of fleet.answered) expect(answered).toBeGreaterThan(1_000);
});
