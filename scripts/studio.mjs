// `npm run studio`: from a fresh clone to a page that shows two published versions of a real API description, and two
// deployments of a small application. Further arguments are those of `gati-storage studio`.
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { firstStore } from './next-steps.mjs';
import { root, setupWithoutNativeDriver, show } from './setup.mjs';

const COMMAND = `${root}packages/storage-cli/dist/bin.js`;
const require = createRequire(import.meta.url);

await setupWithoutNativeDriver();
process.on('SIGINT', () => {}); // ends the command, which says so

/** What fills the store, a commit each. */
const COMMITS = [
  ['import', require.resolve('figma-api-old/openapi/openapi.yaml')],
  ['deploy', `${root}examples/studio/orders-1.json`, '--note', 'the shop opens'],
  ['import', require.resolve('figma-api-new/openapi/openapi.yaml')],
  ['deploy', `${root}examples/studio/orders-2.json`, '--note', 'orders without a total, to a quarter of all'],
];

// So that the commands that the page shows are short, and work here.
process.chdir(root);
const folder = '.tmp/studio';
mkdirSync(folder, { recursive: true });
const { url } = await firstStore(`${folder}/gati.db`);
if (!(await isFilled(url))) await fill(url);
process.exitCode = await show(process.execPath, [
  COMMAND,
  'studio',
  '--store',
  url,
  ...process.argv.slice(2),
]);

/** Whether an earlier run has come to the end of it; what was changed since stays. */
async function isFilled(store) {
  const { openStorage } = await import('@gati-framework/storage-tools'); // which setup builds
  const storage = await openStorage(store, { readOnly: true });
  try {
    return (await storage.stats()).revision >= COMMITS.length;
  } catch {
    return false;
  } finally {
    await storage.close();
  }
}

async function fill(store) {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  console.log('Importing two versions of an API description, and deploying two of an application ...');
  for (const commit of COMMITS) {
    const status = await show(process.execPath, [COMMAND, ...commit, '--store', store], {
      stdio: ['inherit', 'ignore', 'inherit'],
    });
    if (status !== 0) process.exit(status);
  }
}
