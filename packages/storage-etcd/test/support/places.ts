import type { RecordKey, Storage } from '@gati-framework/manifest-store';
import type { EtcdStorageOptions } from '@gati-framework/storage-etcd';
import type { ConformanceTarget, CreateOptions } from '@gati-framework/storage-testkit';
import { withHistory } from '../../../../test/support/history-options.js';
import { EtcdClient } from '../../dist/client/etcd-client.js';
import { loadStore } from '../../dist/feed/load-store.js';
import { resolveOptions } from '../../dist/options/options.js';
import { StoreKeys } from '../../dist/store/keys.js';
import { LogReader } from '../../dist/store/read-log.js';

/** What a storage of the suite is made with. */
export function optionsAt(endpoints: string, prefix: string, asked: CreateOptions = {}): EtcdStorageOptions {
  return { endpoints, prefix, ...withHistory(asked) };
}

/** One for all that a file of tests does beside its storages; it keeps no process alive. */
const clients = new Map<string, EtcdClient>();

/** Does something with the keys of a prefix, as who knows nothing of the storage that has them. */
export function withClient<T>(
  endpoints: string,
  prefix: string,
  use: (client: EtcdClient, keys: StoreKeys) => Promise<T>,
): Promise<T> {
  const client = clients.get(endpoints) ?? new EtcdClient(resolveOptions({ endpoints }));
  clients.set(endpoints, client);
  return use(client, new StoreKeys(prefix));
}

export function dropPrefix(endpoints: string, prefix: string): Promise<unknown> {
  return withClient(endpoints, prefix, (client, { all }) =>
    client.txn({ success: [{ op: 'delete', ...all }] }),
  );
}

/** What a place is, whoever opens it. The data is in etcd, so `create` opens what a restart would find. */
export function placesIn(endpoints: string): Omit<ConformanceTarget<Storage>, 'create'> {
  return {
    honours: ['historyLimit', 'historyAge', 'maxRecordBytes', 'cacheSize'],
    /** Changes a record and leaves its digest as it was. */
    damage: (place, { kind, key }: RecordKey) =>
      withClient(endpoints, place, async (client, keys) => {
        const store = await loadStore({ client, keys, log: new LogReader(client, keys) });
        const [first = '', second] = Object.values(key);
        const row = store?.index.get(kind, second === undefined ? [first] : [first, second]);
        if (row === undefined) throw new Error(`there is no ${kind} ${first} to damage`);
        const name = keys.text(row.text);
        const [kv] = (await client.range({ key: name })).kvs;
        const value = { ...JSON.parse(String(kv?.value)), spoilt: 1 };
        await client.txn({ success: [{ op: 'put', key: name, value: Buffer.from(JSON.stringify(value)) }] });
      }),
    /** What is not of this library is not opened. */
    async block(place) {
      await withClient(endpoints, place, (client, keys) =>
        client.txn({ success: [{ op: 'put', key: keys.head, value: Buffer.from('of others') }] }),
      );
      return () => dropPrefix(endpoints, place);
    },
    destroy: (_storage, place) => dropPrefix(endpoints, place),
  };
}
