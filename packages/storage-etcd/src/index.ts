import type { Storage } from '@gati-framework/manifest-store';
import { RecordStorage } from '@gati-framework/storage-kit';
import { EtcdRecordDriver } from './etcd-record-driver.js';
import { type EtcdStorageOptions, resolveOptions } from './options/options.js';

export { inspectPrefix, type PrefixInspection } from './inspect-prefix.js';
export type { EtcdStorageOptions, EtcdTlsOptions } from './options/options.js';

/**
 * A storage under a prefix of an etcd cluster, shared by any number of instances.
 *
 * A resolved write is on the disks of a majority of the members. Reads are served from memory while the cluster is known
 * to answer, and are then a few milliseconds old at most usually; `consistency: 'strong'` asks the cluster every time.
 *
 * @example
 * import { createManifestStore } from '@gati-framework/manifest-store';
 * import { createEtcdStorage } from '@gati-framework/storage-etcd';
 *
 * const store = createManifestStore(createEtcdStorage({ endpoints: ['etcd1:2379', 'etcd2:2379', 'etcd3:2379'] }));
 */
export function createEtcdStorage(options: EtcdStorageOptions): Storage {
  const resolved = resolveOptions(options);
  return new RecordStorage(new EtcdRecordDriver(resolved), resolved);
}
