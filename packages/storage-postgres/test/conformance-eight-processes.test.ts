import { createPostgresStorage } from '@gati-framework/storage-postgres';
import {
  CASE_TIMEOUT,
  type ConformanceTarget,
  conformanceCases,
  runCase,
} from '@gati-framework/storage-testkit';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Fleet } from '../../../test/support/eight-processes/fleet.js';
import { FleetStorage } from '../../../test/support/eight-processes/fleet-storage.js';
import { dropSchema } from './support/schemas.js';

const connectionString = inject('postgresUrl');
const fleet = new Fleet(8);

beforeAll(() => fleet.ready());

afterAll(() => fleet.stop());

/** Between processes these groups say no more than in one, and they take long. */
const LEFT_OUT = ['fidelity', 'isolation', 'refusals', 'model'];

/** Strong: the next call goes to another process, whose cache may be a moment behind. */
const target: ConformanceTarget<FleetStorage> = {
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
};

const cases = conformanceCases.filter(({ group }) => !LEFT_OUT.includes(group));

test.each(cases.map((one) => [one.group, one.name, one] as const))(
  'eight processes on one schema: %s: %s',
  { timeout: CASE_TIMEOUT },
  async (_group, _name, one) => {
    await runCase(one, target);
  },
);

test('all eight processes took part', async () => {
  expect(fleet.answered).toHaveLength(8);
  for (const answered of fleet.answered) expect(answered).toBeGreaterThan(1_000);
});
