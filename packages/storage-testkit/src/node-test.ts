import { describe, it } from 'node:test';
import type { StorageContract } from '@gati-framework/manifest-store';
import type { ConformanceTarget } from './conformance-case.js';
import { casesByGroup } from './conformance-suite.js';
import { CASE_TIMEOUT, runCase } from './run-case.js';

/**
 * The conformance suite as tests of Node's own runner.
 *
 * @example
 * import { describeConformance } from '@gati-framework/storage-testkit/node-test';
 * import { createMyStorage } from './my-storage.js';
 *
 * describeConformance('my storage', { create: () => createMyStorage() });
 */
export function describeConformance<S extends StorageContract>(
  name: string,
  target: ConformanceTarget<S>,
): void {
  describe(name, () => {
    for (const [group, cases] of casesByGroup()) {
      describe(group, () => {
        for (const testCase of cases) {
          it(testCase.name, { timeout: CASE_TIMEOUT }, async (context) => {
            const { skipped } = await runCase(testCase, target);
            if (skipped !== undefined) context.skip(skipped);
          });
        }
      });
    }
  });
}
