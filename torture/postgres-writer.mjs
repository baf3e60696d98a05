// Writes to a store in PostgreSQL until it is told to stop, and tells the
// parent what became of every commit.
import { createPostgresStorage } from '@gati-framework/storage-postgres';

const [connectionString, name, callers] = process.argv.slice(2);
const storage = createPostgresStorage({ connectionString, retryTimeout: 4_000, log: () => {} });
let isStopping = false;
let count = 0;

process.on('message', () => {
  isStopping = true;
});
process.on('disconnect', () => process.exit());
process.on('unhandledRejection', (error) => process.send({ crash: String(error) }));

await Promise.all(Array.from({ length: Number(callers) }, (_, caller) => write(caller)));
await storage.close();
process.send({ done: true }, () => process.exit());

/** Two records a commit, so that half a commit would show; now and then with an expectation. */
async function write(caller) {
  const handlerId = `${name}-${caller}`;
  while (!isStopping) {
    count += 1;
    const id = `${name}-${caller}-${count}`;
    process.send({ begun: id });
    const graph = { handlerId, currentVersion: id, latestVersion: id, versions: [] };
    const changes = [
      { put: 'versionGraph', value: graph },
      { put: 'gtype', value: { ref: handlerId, kind: 'object', description: id } },
    ];
    try {
      const expect = count % 3 === 0 ? [await expectation(handlerId)] : [];
      process.send({ acknowledged: id, revision: await storage.commit(changes, { expect }) });
    } catch (error) {
      process.send({ failed: id, code: error.code ?? String(error) });
    }
  }
}

/** Nobody else writes this record, so it holds unless an earlier commit in doubt was made after all. */
async function expectation(handlerId) {
  const name = { kind: 'versionGraph', key: { handlerId } };
  return (await storage.get(name)) ?? { ...name, revision: null };
}
