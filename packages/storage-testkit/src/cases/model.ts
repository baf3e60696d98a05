import type { ConformanceCase } from '../conformance-case.js';
import {
  checkContractAgainstModel,
  checkPastAgainstModel,
  checkStorageAgainstModel,
} from '../model/check-model.js';
import { cases } from './cases.js';

export const modelCases: readonly ConformanceCase[] = [
  ...cases('model', [], {
    'random calls of the contract come to what a simple model says': (harness) =>
      checkContractAgainstModel(harness, { runs: 50 }),
  }),
  ...cases('model', ['commit'], {
    'random commits, lookups, iterations and replays come to what a simple model says': (harness) =>
      checkStorageAgainstModel(harness, { runs: 80 }),
  }),
  ...cases('model', ['commit', 'entries', 'history'], {
    'whatever random commits did, each revision shows what it did in a simple model': (harness) =>
      checkPastAgainstModel(harness, { runs: 40 }),
  }),
];
