import type { ConformanceCase } from '../conformance-case.js';
import { checkContractAgainstModel, checkStorageAgainstModel } from '../model/check-model.js';

const group = 'model';

export const modelCases: readonly ConformanceCase[] = [
  {
    group,
    name: 'random calls of the contract come to what a simple model says',
    run: (harness) => checkContractAgainstModel(harness, { runs: 50 }),
  },
  {
    group,
    requires: ['commit'],
    name: 'random commits, lookups, iterations and replays come to what a simple model says',
    run: (harness) => checkStorageAgainstModel(harness, { runs: 80 }),
  },
];
