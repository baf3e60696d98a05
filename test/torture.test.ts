import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BACKENDS } from '../torture/harness/backends.mjs';
import { bundleScripts, removeBundle } from '../torture/harness/bundle.mjs';
import { loadExperiments } from '../torture/harness/experiments.mjs';
import { drawPage } from '../torture/harness/report/document.mjs';
import { stopServers } from '../torture/harness/servers.mjs';
import { temporaryFolder } from './support/temporary-folder.js';

const SEED = 20_261_127;

const experiments = await loadExperiments();

beforeAll(bundleScripts);
afterAll(() => {
  removeBundle();
  return stopServers();
});

const isThere = (backend: string) => BACKENDS[backend]?.isThere?.() ?? true;

describe.each(experiments)('$name: $proves', ({ backends, forms, run, isPossible = () => true }) => {
  for (const backend of backends)
    test.skipIf(!isThere(backend) || !isPossible(backend))(
      `${backend} (seed ${SEED})`,
      async () => {
        const folder = temporaryFolder();
        const figures = await run({ backend, form: forms.short, seed: SEED, folder, print: () => {} });
        console.log(JSON.stringify(figures));
      },
      1_200_000, // ends what hangs, also on a machine with much else to do
    );
});

test('the table of docs/reliability.md is drawn from what the long forms have shown', async () => {
  const page = new URL('../docs/reliability.md', import.meta.url);
  expect(readFileSync(page, 'utf8')).toBe(await drawPage());
});
