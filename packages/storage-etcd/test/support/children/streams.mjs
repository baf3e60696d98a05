/**
 * Commits so many records, each with so many characters, as a stream. Says when half of them were taken, where it stays if it
 * is to hang, and when it has ended.
 */
import { createEtcdStorage } from '@gati-framework/storage-etcd';

const [endpoints, prefix, count, size, hangs] = process.argv.slice(2);
// Patient, as the machine of tests may be busy.
const storage = createEtcdStorage({ endpoints, prefix, requestTimeout: 20_000, retryTimeout: 200_000 });

async function* changes() {
  for (let n = 0; n < Number(count); n += 1) {
    if (n === Number(count) / 2) {
      process.stdout.write('half\n');
      if (hangs !== undefined) await new Promise(() => {});
    }
    yield {
      put: 'gtype',
      value: { ref: `${n}`, kind: 'object', description: `${n}`.padEnd(Number(size), 'x') },
    };
  }
}

const revision = await storage.commit(changes());
await storage.close();
process.stdout.write(`committed ${revision}\n`);
