// The packages on a current Node.js, beside the one that everything else is checked with.
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, step } from './setup.mjs';

export const CURRENT_NODE = '26.10.0';

const folder = `${root}.tmp/node-${CURRENT_NODE}`;

/** The binary of a Node.js whose own SQLite is good enough to share files: this one, or one that setup got from npm. */
export function currentNode() {
  return hasSafeSqlite() ? process.execPath : currentNodeIn(folder);
}

/** Gets it, unless it is there. */
export async function installCurrentNode() {
  if (existsSync(currentNode())) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, allowScripts: { node: true } }),
  );
  // Its install script copies the binary of this platform.
  await step(`Getting Node.js ${CURRENT_NODE} from npm, for the tests of its SQLite`, 'npm', [
    'install',
    '--prefix',
    folder,
    '--ignore-scripts=false',
    '--loglevel=error',
    `node@${CURRENT_NODE}`,
  ]);
}

function hasSafeSqlite() {
  const [major, minor, patch] = (process.versions.sqlite ?? '0.0.0').split('.').map(Number);
  const isAfter = minor > 51 || (minor === 51 && patch >= 3);
  return major > 3 || (major === 3 && isAfter);
}

/** Where a project has it that depends on the package `node`. */
export const currentNodeIn = (project) => join(project, 'node_modules/node/bin/node');

/** Named checks. `node` is the path of the binary. */
export function* testOnCurrentNode(node, folder, run) {
  const vitest = `${root}node_modules/vitest/vitest.mjs`;
  yield [
    `unit tests on Node.js ${CURRENT_NODE}`,
    () => run(node, [vitest, 'run', '--config', 'vitest.current.config.ts', '--reporter=dot']),
  ];
  for (const backend of ['memory', 'sqljs']) {
    yield [
      `conformance on Node.js ${CURRENT_NODE}: ${backend}`,
      async () => {
        const places = mkdtempSync(join(folder, 'places-'));
        const program = `${root}test/runtimes/program.mjs`;
        assertPassed(JSON.parse(await run(node, [program, backend, places], { quietly: true })));
      },
    ];
  }
}

function assertPassed({ passed, failed }) {
  if (failed.length > 0) throw new Error(failed.join('\n'));
  if (passed < 250) throw new Error(`Only ${passed} cases had anything to test.`);
}
