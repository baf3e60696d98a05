export {
  type ChangedHandler,
  type Difference,
  type DocumentSource,
  type HandlerSummary,
  type ImportOptions,
  type ImportReport,
  type ImportTarget,
  type Inexpressible,
  type InexpressibleEffect,
  importDocument,
  type RenamedHandler,
  type TypesReport,
  type Verdict,
} from '@gati-framework/api-import';
export { type FormatOptions, formatReport } from './format-report.js';
export { type OpenStorageOptions, openStorage } from './open-storage.js';
