import { createEtcdStorage } from '@gati-framework/storage-etcd';
import { describeConformance } from '@gati-framework/storage-testkit/vitest';
import { describe, inject } from 'vitest';
import { optionsAt, placesIn } from './support/places.js';

const endpoints = inject('etcdUrl');

describe.skipIf(endpoints === '')('on one member', () => {
  describeConformance('etcd', {
    ...placesIn(endpoints),
    create: (place, asked) => createEtcdStorage(optionsAt(endpoints, place, asked)),
    staleness: 2_000, // two of its pollInterval
  });
});
