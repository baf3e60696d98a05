import { describe, expect, test } from 'vitest';
import { FAILPOINTS, patchOf } from '../torture/failpoints/index.mjs';
import { loadExperiments } from '../torture/harness/experiments.mjs';
import { assertFits } from '../torture/harness/patches/patch.mjs';
import { patchesOf, SEEDED_FAULTS } from '../torture/seeded/index.mjs';

describe('what is put into a copy of the code still fits it:', () => {
  test.each(SEEDED_FAULTS.map((fault) => [fault.name, fault] as const))('the fault "%s"', (_, fault) => {
    for (const patch of patchesOf(fault)) assertFits(patch);
  });

  test.each(Object.entries(FAILPOINTS))('the failpoints of %s', (_, failpoints) => {
    for (const failpoint of failpoints) assertFits(patchOf(failpoint));
  });
});

test('every seeded fault names an experiment that is run with its backend', async () => {
  const experiments = await loadExperiments();
  for (const { name, backend, experiment } of SEEDED_FAULTS) {
    const found = experiments.find((one) => one.name === experiment);
    expect(found?.backends, name).toContain(backend);
  }
});
