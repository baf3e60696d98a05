import { randomUUID } from 'node:crypto';
import { StorageError } from '@gati-framework/manifest-store';
import { type GivenRetention, mergeRetention } from '@gati-framework/manifest-store/backend';
import { DEFAULT_RETENTION } from '@gati-framework/storage-kit';
import { FORMAT, type Head, type Tail, writeEnd } from '../store/ends.js';
import { RecordIndex } from '../store/record-index.js';
import { DirtyRows } from './dirty-rows.js';
import { type LoadedStore, loadStore, type StoreReader } from './load-store.js';

export interface StoreOptions {
  readonly prefix: string;
  readonly readOnly: boolean;
  readonly history: GivenRetention;
}

/** Reads the store, makes it where there is none, and stores with it how much of the past it is to keep. */
export async function openStore(reader: StoreReader, options: StoreOptions): Promise<LoadedStore> {
  for (;;) {
    const found = await loadStore(reader);
    if (found === undefined && options.readOnly) throw noStore(options.prefix);
    const store =
      found === undefined ? await makeStore(reader, options) : await retained(reader, found, options);
    if (store !== undefined) return store;
    // Somebody else was faster.
  }
}

async function makeStore(
  { client, keys }: StoreReader,
  { history }: StoreOptions,
): Promise<LoadedStore | undefined> {
  const epoch = randomUUID();
  const retention = mergeRetention(history, DEFAULT_RETENTION);
  const head: Head = { format: FORMAT, epoch, revision: 0, group: '', position: 1, changes: 0 };
  const tail: Tail = { format: FORMAT, epoch, oldest: 0, indexed: 0, indexedChanges: 0, retention };
  const { succeeded, revision } = await client.txn({
    compare: [keys.head, keys.tail].map((key) => ({ key, target: 'version', is: 'equal', value: 0 })),
    success: [
      { op: 'put', key: keys.head, value: writeEnd(head) },
      { op: 'put', key: keys.tail, value: writeEnd(tail) },
    ],
  });
  if (!succeeded) return undefined;
  const parts = { index: new RecordIndex(), dirty: new DirtyRows(), staged: [] };
  return { head, headMod: revision, tail, tailMod: revision, at: revision, ...parts };
}

/** The store with what it is to keep; undefined: its tail was written meanwhile. */
async function retained(
  { client, keys }: StoreReader,
  store: LoadedStore,
  { history, readOnly }: StoreOptions,
): Promise<LoadedStore | undefined> {
  const { retention } = store.tail;
  const wanted = mergeRetention(history, retention);
  if (readOnly || (wanted.changes === retention.changes && wanted.age === retention.age)) return store;
  const tail: Tail = { ...store.tail, retention: wanted };
  const { succeeded, revision } = await client.txn({
    compare: [{ key: keys.tail, target: 'modRevision', is: 'equal', value: store.tailMod }],
    success: [{ op: 'put', key: keys.tail, value: writeEnd(tail) }],
  });
  return succeeded ? { ...store, tail, tailMod: revision } : undefined;
}

function noStore(prefix: string): StorageError {
  return new StorageError(
    'STORAGE_UNAVAILABLE',
    `etcd holds no store under ${prefix}/, and it is to be read only. Make it first: open it without readOnly.`,
  );
}
