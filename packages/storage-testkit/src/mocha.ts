import type { StorageContract } from '@gati-framework/manifest-store';
import { describeConformance as describeWith, type Runner } from './any-runner.js';
import type { ConformanceTarget } from './conformance-case.js';

declare const describe: Runner['describe'];
declare const it: Runner['it'];

/**
 * The conformance suite through the globals `describe` and `it`, as mocha and
 * jest provide them. A runner whose tests cannot skip themselves while they
 * run, like jest, reports what is skipped as passed.
 *
 * @example
 * import { describeConformance } from '@gati-framework/storage-testkit/mocha';
 * import { createMyStorage } from './my-storage.js';
 *
 * describeConformance('my storage', { create: () => createMyStorage() });
 */
export function describeConformance<S extends StorageContract>(
  name: string,
  target: ConformanceTarget<S>,
): void {
  describeWith(name, target, { describe, it });
}
