import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { describeBetweenProcesses } from '../../../test/support/eight-processes/describe-between-processes.js';
import { Fleet } from '../../../test/support/eight-processes/fleet.js';
import { FleetStorage } from '../../../test/support/eight-processes/fleet-storage.js';
import { dropSchema } from './support/schemas.js';

const connectionString = inject('postgresUrl');
const fleet = new Fleet(8);

beforeAll(() => fleet.ready());

afterAll(() => fleet.stop());

/** Strong: the next call goes to another process, whose cache may be a moment behind. */
describeBetweenProcesses('eight processes on one schema', {
  honours: ['historyLimit', 'maxRecordBytes'],
  create(place, asked) {
    const options = {
      connectionString,
      schema: place,
      consistency: 'strong',
      poolSize: 4,
      ...asked,
    } as const;
    const factory = {
      package: '@gati-framework/storage-postgres',
      name: 'createPostgresStorage',
      options,
    };
    return new FleetStorage(fleet, createPostgresStorage(options), factory);
  },
  async destroy(storage, place) {
    storage.forget();
    await dropSchema(connectionString, place);
  },
});

test('all eight processes took part', async () => {
  expect(fleet.answered).toHaveLength(8);
  for (const answered of fleet.answered) expect(answered).toBeGreaterThan(1_000);
});
