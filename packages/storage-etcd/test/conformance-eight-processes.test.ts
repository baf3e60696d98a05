import { createEtcdStorage } from '@gati-framework/storage-etcd';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { describeBetweenProcesses } from '../../../test/support/eight-processes/describe-between-processes.js';
import { Fleet } from '../../../test/support/eight-processes/fleet.js';
import { FleetStorage } from '../../../test/support/eight-processes/fleet-storage.js';
import { dropPrefix, optionsAt } from './support/places.js';

const endpoints = inject('etcdUrl');

/** Keys are compared as text here, which one process shows as well. */
const LEFT_OUT = ['identity'];

describe.skipIf(endpoints === '')('etcd', () => {
  const fleet = new Fleet(8);

  // Eight processes start slowly on a machine that does other things as well.
  beforeAll(() => fleet.ready(), 300_000);

  afterAll(() => fleet.stop());

  /** Strong: the next call goes to another process, whose cache may be a moment behind. */
  describeBetweenProcesses(
    'eight processes on one prefix',
    {
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
    },
    LEFT_OUT,
  );

  test('all of them took part', async () => {
    expect(fleet.answered).toHaveLength(8);
    for (const answered of fleet.answered) expect(answered).toBeGreaterThan(1_000);
  });
});
