// Deploys a handler to the store that a URL names whenever it is told to, and tells when that was acknowledged.
import { openStorage } from '@gati-framework/storage-tools';

const storage = await openStorage(process.argv[2]);
await storage.open();
process.on('message', async ({ change, note }) => {
  await storage.commit([change], { note });
  process.send({ at: performance.timeOrigin + performance.now() });
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });
