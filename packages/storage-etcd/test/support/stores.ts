import { randomUUID } from 'node:crypto';
import type { Change, Storage } from '@gati-framework/manifest-store';
import { createEtcdStorage, type EtcdStorageOptions } from '@gati-framework/storage-etcd';
import { inject, onTestFinished } from 'vitest';
import { dropPrefix, withClient } from './places.js';

export const endpoints = inject('etcdUrl');

export const silent = { info: () => {}, warn: () => {}, error: () => {} };

export function put(ref: string, description = ''): Change {
  return { put: 'gtype', value: { ref, kind: 'object', description } };
}

/** A prefix of the etcd of all tests, whose keys are deleted with the test. */
export function newPrefix(): string {
  const prefix = `store/${randomUUID()}`;
  onTestFinished(() => dropPrefix(endpoints, prefix).then(() => {}));
  return prefix;
}

/** A storage that is closed with the test. */
export function open(prefix: string, options: EtcdStorageOptions = {}): Storage {
  const storage = createEtcdStorage({ endpoints, prefix, ...options });
  onTestFinished(() => storage.close());
  return storage;
}

/** How many keys of each folder of a prefix there are. */
export function countKeys(prefix: string): Promise<Record<string, number>> {
  return withClient(endpoints, prefix, async (client, { all }) => {
    const counts: Record<string, number> = {};
    for (const { key } of (await client.range(all)).kvs) {
      const [folder = ''] = key.slice(prefix.length + 1).split('/');
      counts[folder] = (counts[folder] ?? 0) + 1;
    }
    return counts;
  });
}
