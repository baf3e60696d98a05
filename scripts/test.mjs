// `npm test`: sets up what is missing, then runs every test.
import { root, setup, show } from './setup.mjs';

await setup();
const reporters = process.env.TEST_REPORT
  ? ['--reporter=default', '--reporter=json', `--outputFile.json=${process.env.TEST_REPORT}`]
  : [];
process.exitCode = await show(process.execPath, [
  `${root}node_modules/vitest/vitest.mjs`,
  'run',
  ...reporters,
  ...process.argv.slice(2),
]);
