// `npm test`: sets up what is missing, then runs every test.
import { installCurrentNode } from './current-node.mjs';
import { installEtcd } from './etcd.mjs';
import { root, setup, show } from './setup.mjs';

await setup();
// What answers at once does without it.
if (!process.argv.includes('--config')) {
  await installCurrentNode();
  await installEtcd();
}
const reporters = process.env.TEST_REPORT
  ? ['--reporter=default', '--reporter=json', `--outputFile.json=${process.env.TEST_REPORT}`]
  : [];
process.exitCode = await show(process.execPath, [
  `${root}node_modules/vitest/vitest.mjs`,
  'run',
  ...reporters,
  ...process.argv.slice(2),
]);
