export { type FieldDifference, fieldDifferences } from './field-differences.js';
export { type RecordDifference, recordDifferences } from './record-differences.js';
