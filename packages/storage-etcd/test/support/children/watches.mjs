/** Opens a store, watches it, and does nothing else. */
import { createEtcdStorage } from '@gati-framework/storage-etcd';

const [, , endpoints, prefix] = process.argv;
const storage = createEtcdStorage({ endpoints, prefix });
await storage.commit([{ put: 'gtype', value: { ref: 'a', kind: 'object' } }]);
storage
  .watch()
  .next()
  .catch(() => {});
await storage.stats(); // it has begun
console.log('watches');
