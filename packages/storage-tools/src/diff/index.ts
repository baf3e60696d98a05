export { type FieldDifference, fieldDifferences } from './field-differences.js';
export { type RecordDifference, recordDifferences } from './record-differences.js';
export { type RevisionRange, revisionDifferences } from './revision-differences.js';
export type { State, StateRecord } from './state.js';
export { stateDifferences } from './state-differences.js';
