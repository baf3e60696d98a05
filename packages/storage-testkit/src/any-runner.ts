import type { StorageContract } from '@gati-framework/manifest-store';
import { invalidOption } from '@gati-framework/manifest-store/backend';
import { bindCases } from './bind-cases.js';
import type { ConformanceTarget } from './conformance-case.js';
import { CASE_TIMEOUT } from './run-case.js';

/** What a runner may hand to a test as `this`: mocha does, others hand out less or nothing. */
interface TestContext {
  skip?(): void;
  timeout?(milliseconds: number): unknown;
}

/** `describe` and `it` of a test runner, as `bun:test`, `@jest/globals` and mocha provide them. */
export interface Runner {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: (this: TestContext | undefined) => Promise<void>, timeout?: number): unknown;
}

/**
 * The conformance suite as tests of any runner with `describe` and `it`. One
 * whose tests cannot skip themselves while they run, like those of Bun and
 * jest, reports what is skipped as passed.
 *
 * @example
 * import { describe, it } from 'bun:test'; // or '@jest/globals'
 * import { describeConformance } from '@gati-framework/storage-testkit/any-runner';
 * import { createMyStorage } from './my-storage.js';
 *
 * describeConformance('my storage', { create: () => createMyStorage() }, { describe, it });
 */
export function describeConformance<S extends StorageContract>(
  name: string,
  target: ConformanceTarget<S>,
  runner: Runner,
): void {
  const { describe, it } = Object(runner) as Runner;
  if (typeof describe !== 'function' || typeof it !== 'function')
    throw invalidOption('runner', 'must be { describe, it } of a test runner');
  bindCases(name, target, describe, (title, run) => {
    const body = async function (this: TestContext | undefined): Promise<void> {
      this?.timeout?.(CASE_TIMEOUT);
      const { skipped } = await run();
      if (skipped !== undefined) this?.skip?.();
    };
    it(title, body, CASE_TIMEOUT);
  });
}
