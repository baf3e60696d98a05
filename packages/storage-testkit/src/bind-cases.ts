import type { StorageContract } from '@gati-framework/manifest-store';
import { checkTarget } from './check-target.js';
import type { ConformanceTarget } from './conformance-case.js';
import { casesByGroup } from './conformance-suite.js';
import { type CaseResult, runCase } from './run-case.js';

/** Makes each case a test of a runner, grouped as the suite is. */
export function bindCases<S extends StorageContract>(
  name: string,
  target: ConformanceTarget<S>,
  describe: (name: string, body: () => void) => unknown,
  test: (name: string, run: () => Promise<CaseResult>) => unknown,
): void {
  checkTarget(target);
  describe(name, () => {
    for (const [group, cases] of casesByGroup()) {
      describe(group, () => {
        for (const testCase of cases) test(testCase.name, () => runCase(testCase, target));
      });
    }
  });
}
