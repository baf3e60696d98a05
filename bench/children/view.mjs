// Tells when its view of the store that a URL names shows a commit.
import { createManifestView } from '@gati-framework/runtime-adapter';
import { openStorage } from '@gati-framework/storage-tools';

const storage = await openStorage(process.argv[2]);
const view = createManifestView(storage);
await view.open();
view.onChange(() => process.send({ at: performance.timeOrigin + performance.now() }));
process.on('disconnect', () => process.exit());
process.send({ ready: true });
