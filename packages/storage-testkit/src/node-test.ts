import { describe, it } from 'node:test';
import type { StorageContract } from '@gati-framework/manifest-store';
import { bindCases } from './bind-cases.js';
import type { ConformanceTarget } from './conformance-case.js';
import { CASE_TIMEOUT } from './run-case.js';

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
  bindCases(name, target, describe, (title, run) =>
    it(title, { timeout: CASE_TIMEOUT }, async (context) => {
      const { skipped } = await run();
      if (skipped !== undefined) context.skip(skipped);
    }),
  );
}
