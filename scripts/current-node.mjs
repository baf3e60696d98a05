// The packages on a current Node.js, beside the one that everything else is checked with.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

export const CURRENT_NODE = '26.10.0';

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
