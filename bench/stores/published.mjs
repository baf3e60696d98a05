import { createManifestStore } from 'gati-runtime-published';

/** The store in memory that the published runtime brings, one call a record. */
export function publishedStore() {
  const store = createManifestStore();
  const write = (record) => store.storeManifest(record);
  const commit = async (records) => {
    for (const record of records) await write(record);
  };
  return {
    who: 'runtime 2.0.8',
    role: 'peer',
    write,
    commit,
    fill: commit,
    read: (handlerId, version) => store.getManifest(handlerId, version),
    close: async () => {},
  };
}
