import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { FAILPOINTS, patchOf } from '../torture/failpoints/index.mjs';
import { loadExperiments } from '../torture/harness/experiments.mjs';
import { patchedFile } from '../torture/harness/patches/patch.mjs';
import { patchesOf, SEEDED_FAULTS } from '../torture/seeded/index.mjs';
import { temporaryFolder } from './support/temporary-folder.js';

describe('what is put into a copy of the code still fits it:', () => {
  test.each(SEEDED_FAULTS.map((fault) => [fault.name, fault] as const))('the fault "%s"', (_, fault) => {
    const patches = patchesOf(fault);
    for (const { file } of patches) patchedFile(patches, file);
  });

  test.each(Object.entries(FAILPOINTS))('the failpoints of %s', (_, failpoints) => {
    for (const failpoint of failpoints) patchedFile([patchOf(failpoint)], failpoint.file);
  });
});

test('every seeded fault names an experiment that is run with its backend', async () => {
  const experiments = await loadExperiments();
  for (const { name, backend, experiment } of SEEDED_FAULTS) {
    const found = experiments.find((one) => one.name === experiment);
    expect(found?.backends, name).toContain(backend);
  }
});

/** What Biome looks for. */
const UNDECLARED = {
  root: true,
  linter: { rules: { preset: 'none', correctness: { noUndeclaredVariables: 'error' } } },
};

test('what is put in uses no name that is not there: it would be found because it does not run', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'biome.json'), JSON.stringify(UNDECLARED));
  for (const [i, patches] of SEEDED_FAULTS.map(patchesOf).entries())
    for (const { file } of patches)
      writeFileSync(join(folder, `${i}-${basename(file)}`), patchedFile(patches, file));
  const biome = fileURLToPath(new URL('../node_modules/.bin/biome', import.meta.url));
  const { status, stdout, stderr } = spawnSync(biome, ['lint', '--colors=off'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/^Checked [1-9]/m);
  expect(status, stdout).toBe(0);
});
