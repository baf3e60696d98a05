/** A storage of this project as a contestant among others. */
export function ours(storage) {
  return {
    who: 'ours',
    role: 'ours',
    write: (record) => storage.storeManifest(record),
    read: (handlerId, version) => storage.getManifest(handlerId, version),
    latest: (handlerId) => storage.getManifest(handlerId),
    fill: async (records) => {
      for (let i = 0; i < records.length; i += 5_000) {
        await storage.commit(records.slice(i, i + 5_000).map((value) => ({ put: 'manifest', value })));
      }
    },
    close: () => storage.close(),
  };
}
