import { randomUUID } from 'node:crypto';
import { StorageError } from '@gati-framework/manifest-store';
import { type GivenRetention, mergeRetention } from '@gati-framework/manifest-store/backend';
import { DEFAULT_RETENTION } from '@gati-framework/storage-kit';
import { FORMAT, type Head, type Tail, writeEnd } from '../store/ends.js';
import { type LoadedStore, loadStore, type StoreReader } from './load-store.js';

export interface StoreOptions {
  readonly prefix: string;
  readonly readOnly: boolean;
  readonly history: GivenRetention;
}

/** Reads the store, makes it where there is none, and stores with it how much of the past it is to keep. */
export async function openStore(reader: StoreReader, options: StoreOptions): Promise<LoadedStore> {
  for (;;) {
    const store = await loadStore(reader);
    if (store !== undefined && (await isKept(reader, store, options))) return store;
    if (store !== undefined) continue; // somebody else has written the tail meanwhile
    if (options.readOnly) throw noStore(options.prefix);
    await makeStore(reader);
  }
}

async function makeStore({ client, keys }: StoreReader): Promise<void> {
  const epoch = randomUUID();
  const head: Head = { format: FORMAT, epoch, revision: 0, group: '', position: 1, changes: 0 };
  const tail: Tail = {
    format: FORMAT,
    epoch,
    oldest: 0,
    indexed: 0,
    indexedChanges: 0,
    retention: DEFAULT_RETENTION,
  };
  const isAbsent = [keys.head, keys.tail].map(
    (key) => ({ key, target: 'version', is: 'equal', value: 0 }) as const,
  );
  await client.txn({
    compare: isAbsent,
    success: [
      { op: 'put', key: keys.head, value: writeEnd(head) },
      { op: 'put', key: keys.tail, value: writeEnd(tail) },
    ],
  });
}

/** Whether the store says what it is to keep. */
async function isKept(
  { client, keys }: StoreReader,
  store: LoadedStore,
  options: StoreOptions,
): Promise<boolean> {
  const { tail, tailMod } = store;
  const retention = mergeRetention(options.history, tail.retention);
  const isSaid = retention.changes === tail.retention.changes && retention.age === tail.retention.age;
  if (isSaid || options.readOnly) return true;
  await client.txn({
    compare: [{ key: keys.tail, target: 'modRevision', is: 'equal', value: tailMod }],
    success: [{ op: 'put', key: keys.tail, value: writeEnd({ ...tail, retention }) }],
  });
  return false; // it is read again, with what stands there now
}

function noStore(prefix: string): StorageError {
  return new StorageError(
    'STORAGE_UNAVAILABLE',
    `etcd holds no store under ${prefix}/, and it is to be read only. Make it first: open it without readOnly.`,
  );
}
