import type { StorageContract } from '@gati-framework/manifest-store';
import type { ConformanceTarget } from './conformance-case.js';
import { casesByGroup } from './conformance-suite.js';
import { CASE_TIMEOUT, runCase } from './run-case.js';

/** What mocha hands to a test as `this`. Runners with the same globals may hand out less. */
interface TestContext {
  skip?(): void;
  timeout?(milliseconds: number): unknown;
}

/** As much of the globals as is needed. */
interface MochaGlobals {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: (this: TestContext | undefined) => Promise<void>, timeout?: number): unknown;
}

/**
 * The conformance suite through the globals `describe` and `it`, as mocha
 * provides them. A runner whose tests cannot skip themselves while they run,
 * like jest, reports what is skipped as passed.
 *
 * @example
 * import { describeConformance } from '@gati-framework/storage-testkit/mocha';
 *
 * describeConformance('my storage', { create: () => createMyStorage() });
 */
export function describeConformance<S extends StorageContract>(
  name: string,
  target: ConformanceTarget<S>,
): void {
  const { describe, it } = globalThis as unknown as MochaGlobals;
  describe(name, () => {
    for (const [group, cases] of casesByGroup()) {
      describe(group, () => {
        for (const testCase of cases) {
          const body = async function (this: TestContext | undefined): Promise<void> {
            this?.timeout?.(CASE_TIMEOUT);
            const { skipped } = await runCase(testCase, target);
            if (skipped !== undefined) this?.skip?.();
          };
          it(testCase.name, body, CASE_TIMEOUT);
        }
      });
    }
  });
}
