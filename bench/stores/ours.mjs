/** A storage of this project as a contestant among others. */
export function ours(storage) {
  const commit = (records) => storage.commit(records.map((value) => ({ put: 'manifest', value })));
  return {
    who: 'ours',
    role: 'ours',
    open: () => storage.open(),
    write: (record) => storage.storeManifest(record),
    read: (handlerId, version) => storage.getManifest(handlerId, version),
    /** All in one. */
    commit,
    fill: async (records) => {
      for (let i = 0; i < records.length; i += 5_000) {
        await commit(records.slice(i, i + 5_000));
      }
    },
    close: () => storage.close(),
  };
}
