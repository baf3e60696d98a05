import {
  CASE_TIMEOUT,
  type ConformanceTarget,
  conformanceCases,
  runCase,
} from '@gati-framework/storage-testkit';
import { describe, test } from 'vitest';
import type { FleetStorage } from './fleet-storage.js';

/** Between processes these groups say no more than in one, and they take long. */
const LEFT_OUT = ['fidelity', 'isolation', 'refusals', 'model'];

/** The cases of the conformance suite that are about more than one process could tell, as tests. */
export function describeBetweenProcesses(
  name: string,
  target: ConformanceTarget<FleetStorage>,
  leftOut: readonly string[] = [],
): void {
  const cases = conformanceCases.filter(({ group }) => ![...LEFT_OUT, ...leftOut].includes(group));
  describe(name, () => {
    for (const one of cases)
      test(`${one.group}: ${one.name}`, { timeout: CASE_TIMEOUT }, async (context) => {
        const { skipped } = await runCase(one, target);
        if (skipped !== undefined) context.skip(skipped);
      });
  });
}
