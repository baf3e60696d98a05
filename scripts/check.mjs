// `npm run check`: everything that CI runs, each part even when an earlier one
// failed, with a count at the end.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertArchitecture } from './architecture.mjs';
import { assertLinks } from './links.mjs';
import { assertLockfile } from './lockfile.mjs';
import { root, setup } from './setup.mjs';

const folder = mkdtempSync(join(tmpdir(), 'gati-check-'));
const report = join(folder, 'tests.json');
const bin = (name) => `${root}node_modules/.bin/${name}`;
let passed = 0;
let failed = 0;

try {
  await setup();
  // Each keeps one processor busy, of two that there are.
  const quietly = { quietly: true };
  await Promise.all([
    part('types and build', () => run(bin('tsc'), ['-b'], quietly)),
    part('lint', () => run(bin('biome'), ['ci', '.', '--colors=off'], quietly)),
  ]);
  // What needs what setup installs is loaded after it.
  const { assertApi } = await import('./api.mjs');
  const pages = async () => {
    await part('unused code and dependencies', () => run(bin('knip'), [], quietly));
    await part('arrows and rooms of ARCHITECTURE.md', assertArchitecture);
    await part('reports and pages of what packages offer', assertApi);
    await part('links of the pages', assertLinks);
    await part('lockfile for every platform and registry', assertLockfile);
  };
  await Promise.all([
    part('types of tests and examples', () => run(bin('tsc'), ['-p', 'tsconfig.tests.json'], quietly)),
    pages(),
  ]);
  await tests();
  const { testPackages } = await import('./packaging.mjs');
  for (const [name, check] of testPackages(folder, run)) await part(name, check);
  await part('ratios of bench/results.json', () =>
    run(process.execPath, ['--expose-gc', `${root}bench/run.mjs`, '--check']),
  );
  await part('npm start', () => run('npm', ['start'], { quietly: true }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** The command that the README names, as a user would type it. */
async function tests() {
  const readme = readFileSync(`${root}README.md`, 'utf8');
  if (!/^npm test$/m.test(readme)) throw new Error('README.md does not name npm test');
  console.log('\n== npm test');
  const status = await run('npm', ['test'], { env: { TEST_REPORT: report } }).then(
    () => 0,
    () => 1,
  );
  const { numPassedTests, numFailedTests, success } = JSON.parse(readFileSync(report, 'utf8'));
  passed += numPassedTests;
  failed += numFailedTests;
  // A suite that could not even start counts no test.
  if (numFailedTests === 0 && (status !== 0 || !success)) failed += 1;
}

/** What it complains of stands below its name, also where others are under way. */
async function part(name, check) {
  try {
    await check();
    console.log(`\n== ${name}: in order`);
    passed += 1;
  } catch (error) {
    console.error(`\n== ${name}: failed`);
    console.error(error instanceof Error ? error.message : error);
    failed += 1;
  }
}

/** Runs a command to its end and throws when it fails. */
function run(command, args, { env = {}, cwd = root, quietly = false } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = quietly ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'];
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio });
    let output = '';
    child.stdout?.on('data', (data) => (output += data));
    child.stderr?.on('data', (data) => (output += data));
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve(output);
      else reject(new Error(`${output}${command} ${args.join(' ')} ended with status ${status}`));
    });
  });
}
