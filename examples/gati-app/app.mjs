// One instance of an application. STORE says where its manifests are, as a URL: memory:, sqlite:./gati.db,
// sqljs:./gati.db, postgres://user@host/database ... PORT says where it listens.
import { createStorageModule } from '@gati-framework/manifest-store';
import { createApp, getModuleLoader, shutdownGlobalContext } from '@gati-framework/runtime';
import { createManifestView } from '@gati-framework/runtime-adapter';
import { createTimelineStore, createVersionRegistry } from '@gati-framework/runtime-adapter/timescape';
import { openStorage } from '@gati-framework/storage-tools';
import { answerFrom } from './answer-from.mjs';
import { deploy } from './deploy.mjs';

const storage = await openStorage(process.env.STORE ?? 'memory:').catch(refuse);
const app = createApp({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1', logging: false });
const gctx = app.getGlobalContext();
const loader = getModuleLoader(gctx);
await loader.register(createStorageModule(storage));
await loader.initialize('storage', gctx).catch(({ cause }) => refuse(cause)); // opens it

const view = createManifestView(storage);
const registry = createVersionRegistry(storage, { view });
await registry.open();
gctx.timescape.registry = registry;
gctx.timescape.timeline = createTimelineStore(storage);
gctx.lifecycle.onShutdown('timescape', async () => {
  await registry.close(); // stores how often versions were asked for
  await view.close();
});

app.use(answerFrom(view, registry));

app.post('/deployments', async (request, response) => {
  const revision = await deploy(storage, gctx.timescape.timeline, request.body.version);
  await view.reached(revision); // shown here, too, before it is said
  response.status(201).json({ revision });
});

app.get('/health', async (_, response) => {
  const { storage: answers } = Object.fromEntries(await loader.healthCheck());
  const { status, message } = view.state;
  const isHealthy = answers && status !== 'failed';
  response.status(isHealthy ? 200 : 503).json({ storage: answers, view: { status, message } });
});

process.once('SIGTERM', async () => {
  await app.close(); // waits for the requests that are being answered
  await shutdownGlobalContext(gctx); // runs what is above, and closes the storage, which waits for its writes
  process.exit();
});

await app.listen();
process.send?.('listening');

/** What cannot be opened: a wrong URL, a driver that is missing, a server that is away. The message says what to do. */
function refuse({ message }) {
  console.error(message);
  process.exit(1);
}
