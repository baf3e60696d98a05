// `npm run gati-app -- [URL of a store]`: an application on a storage, from a fresh clone.
import { root, setup, setupWithoutNativeDriver, show } from './setup.mjs';

const [url = 'memory:'] = process.argv.slice(2);
const wantsDriver = url.startsWith('sqlite:') && process.getBuiltinModule?.('node:sqlite') === undefined;
await (wantsDriver ? setup() : setupWithoutNativeDriver());
process.exitCode = await show(process.execPath, [`${root}examples/gati-app/run.mjs`, url]);
