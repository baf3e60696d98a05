export { DeadlineError, setPatience, within } from './assertions/deadline.js';
export { assertDeepFrozen } from './assertions/frozen.js';
export { assertRejects, assertStorageError } from './assertions/rejects.js';
export { assertSame } from './assertions/same.js';
export type {
  ConformanceCase,
  ConformanceTarget,
  CreateOptions,
  Harness,
  TargetFeature,
} from './conformance-case.js';
export { casesByGroup, conformanceCases } from './conformance-suite.js';
export {
  checkContractAgainstModel,
  checkPastAgainstModel,
  checkStorageAgainstModel,
  type ModelRunOptions,
} from './model/check-model.js';
export { ModelError } from './model/model-error.js';
export { type ModelEvent, type ModelRow, ModelStorage } from './model/model-storage.js';
export { type AnyRecord, type Fields, type RecordProbe, recordProbes } from './record-probe.js';
export * from './records.js';
export { CASE_TIMEOUT, type CaseResult, runCase } from './run-case.js';
