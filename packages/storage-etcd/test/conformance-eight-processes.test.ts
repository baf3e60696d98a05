import { createEtcdStorage } from '@gati-framework/storage-etcd';
import {
  CASE_TIMEOUT,
  type ConformanceTarget,
  conformanceCases,
  runCase,
} from '@gati-framework/storage-testkit';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Fleet } from '../../../test/support/eight-processes/fleet.js';
import { FleetStorage } from '../../../test/support/eight-processes/fleet-storage.js';
import { dropPrefix, optionsAt } from './support/places.js';

const endpoints = inject('etcdUrl');

/** Between processes these groups say no more than in one, and they take long. */
const LEFT_OUT = ['identity', 'fidelity', 'isolation', 'refusals', 'model'];

describe.skipIf(endpoints === '')('eight processes on one prefix', () => {
  const fleet = new Fleet(8);

  // Eight processes start slowly on a machine that does other things as well.
  beforeAll(() => fleet.ready(), 300_000);

  afterAll(() => fleet.stop());

  /** Strong: the next call goes to another process, whose cache may be a moment behind. */
  const target: ConformanceTarget<FleetStorage> = {
    honours: ['historyLimit', 'historyAge', 'maxRecordBytes'],
    create(place, asked) {
      const options = { ...optionsAt(endpoints, place, asked), consistency: 'strong' } as const;
      const factory = { package: '@gati-framework/storage-etcd', name: 'createEtcdStorage', options };
      return new FleetStorage(fleet, createEtcdStorage(options), factory);
    },
    async destroy(storage, place) {
      storage.forget();
      await dropPrefix(endpoints, place);
    },
  };

  const cases = conformanceCases.filter(({ group }) => !LEFT_OUT.includes(group));

  test.each(cases.map((one) => [one.group, one.name, one] as const))(
    '%s: %s',
    { timeout: CASE_TIMEOUT },
    async (_group, _name, one) => {
      await runCase(one, target);
    },
  );

  test('all of them took part', async () => {
    expect(fleet.answered).toHaveLength(8);
    for (const answered of fleet.answered) expect(answered).toBeGreaterThan(1_000);
  });
});
