import type { StorageContract } from '@gati-framework/manifest-store';
import { within } from './assertions/deadline.js';
import { checkTarget } from './check-target.js';
import type { ConformanceCase, ConformanceTarget, TargetFeature } from './conformance-case.js';
import { withSession } from './session.js';
import { fieldOf } from './untyped.js';

/** How long a case may take, in milliseconds. Generous: it exists to end what hangs. */
export const CASE_TIMEOUT = 120_000;

/** What became of a case that did not fail. */
export interface CaseResult {
  /** Why there was nothing to test, e.g. `needs capabilities.watch, the target's historyLimit`. */
  readonly skipped?: string;
}

/**
 * Runs one case on a storage of its own and puts everything away.
 *
 * @example
 * import { conformanceCases, runCase } from '@gati-framework/storage-testkit';
 * import { createMyStorage } from './my-storage.js';
 *
 * for (const testCase of conformanceCases) {
 *   test(testCase.name, async () => {
 *     await runCase(testCase, { create: () => createMyStorage() });
 *   });
 * }
 */
export async function runCase<S extends StorageContract>(
  testCase: ConformanceCase,
  target: ConformanceTarget<S>,
): Promise<CaseResult> {
  checkTarget(target);
  return withSession(target, {}, async (session) => {
    const missing = [
      ...missingCapabilities(testCase, session.storage, target),
      ...missingFeatures(testCase, target),
    ];
    if (missing.length > 0) return { skipped: `needs ${missing.join(', ')}` };
    // Ends before the runner's own timeout would, and says what was going on.
    await within(testCase.run(session), `the case "${testCase.name}"`, CASE_TIMEOUT * 0.9);
    return {};
  });
}

function missingCapabilities(
  testCase: ConformanceCase,
  storage: StorageContract,
  { reopen }: ConformanceTarget,
): string[] {
  const capabilities = fieldOf(storage, 'capabilities');
  // A plain contract says nothing of itself; who says how to reopen it says that it keeps its records.
  const isKept = capabilities === undefined && reopen !== undefined;
  return (testCase.requires ?? [])
    .filter((name) => fieldOf(capabilities, name) !== true && !(name === 'persistent' && isKept))
    .map((name) => `capabilities.${name}`);
}

function missingFeatures({ needs = [] }: ConformanceCase, target: ConformanceTarget): string[] {
  const offered = (name: TargetFeature): boolean =>
    name === 'damage' || name === 'block'
      ? target[name] !== undefined
      : (target.honours ?? []).includes(name);
  return needs.filter((name) => !offered(name)).map((name) => `the target's ${name}`);
}
