// Watches a store from its first commit on, and tells the parent what it is told; again from the start when it is told
// that the history is another one.
import { createPostgresStorage } from '@gati-framework/storage-postgres';

const [connectionString] = process.argv.slice(2);
const storage = createPostgresStorage({ connectionString, retryTimeout: 120_000, log: () => {} });

process.on('message', () => process.exit());
process.on('disconnect', () => process.exit());
process.on('unhandledRejection', (error) => process.send({ crash: String(error) }));
setInterval(() => {}, 60_000);

for (;;) {
  try {
    for await (const { revision, changes } of storage.watch({ after: 0 })) {
      const [first] = changes;
      process.send({ revision, id: first.value.currentVersion ?? first.value.description });
    }
  } catch (error) {
    if (error.code === 'STORAGE_COMPACTED') process.send({ replaced: true });
    else if (error.code !== 'STORAGE_UNAVAILABLE') process.send({ crash: `${error.code}: ${error}` });
  }
}
