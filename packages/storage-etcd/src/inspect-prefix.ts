import { EtcdClient } from './client/etcd-client.js';
import { type EtcdStorageOptions, resolveOptions } from './options/options.js';
import { FORMAT, readHead } from './store/ends.js';
import { StoreKeys } from './store/keys.js';
import { translated } from './translate-error.js';

/** What a prefix says of itself without being opened as a store. */
export interface PrefixInspection {
  readonly prefix: string;
  /** Version of the member that was asked, e.g. `3.5.21`. */
  readonly server: string;
  /** Tells one cluster from others, whatever its members are called, as `etcdctl` shows it. */
  readonly cluster: string;
  /** The form of what is stored; 0 where there is no store yet. */
  readonly format: number;
  /** The newest form that this library knows. */
  readonly knownFormat: number;
}

/**
 * Looks at the prefix of a store, and changes nothing: also where none is yet.
 *
 * @example
 * import { inspectPrefix } from '@gati-framework/storage-etcd';
 *
 * const { server, format } = await inspectPrefix({ endpoints: ['etcd1:2379'] });
 */
export function inspectPrefix(options: EtcdStorageOptions): Promise<PrefixInspection> {
  return translated(async () => {
    const resolved = resolveOptions(options);
    const { prefix } = resolved;
    const client = new EtcdClient(resolved);
    try {
      const { cluster, version: server } = await client.status();
      const [head] = (await client.range({ key: new StoreKeys(prefix).head })).kvs;
      const format = head === undefined ? 0 : readHead(head).format;
      return { prefix, server, cluster, format, knownFormat: FORMAT };
    } finally {
      client.close();
    }
  });
}
