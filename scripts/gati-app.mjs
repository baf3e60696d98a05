// `npm run gati-app -- [URL of a store]`: an application on a storage, from a fresh clone.
import { root, setupWithoutNativeDriver, show } from './setup.mjs';

await setupWithoutNativeDriver();
process.exitCode = await show(process.execPath, [
  `${root}examples/gati-app/run.mjs`,
  ...process.argv.slice(2),
]);
