import { conformanceCases, runCase } from '@gati-framework/storage-testkit';

/** Runs the conformance suite, or groups of it, without a test runner: how many cases passed, why others did not run, and what failed. */
export async function runCases(target, groups) {
  const skipped = new Set();
  const failed = [];
  let passed = 0;
  for (const one of conformanceCases) {
    if (groups !== undefined && !groups.includes(one.group)) continue;
    try {
      const result = await runCase(one, target);
      if (result.skipped === undefined) passed += 1;
      else skipped.add(result.skipped);
    } catch (error) {
      failed.push(`${one.group}: ${one.name}: ${error instanceof Error ? error.stack : error}`);
    }
  }
  return { passed, skipped: [...skipped], failed };
}
