// Of the packages below, for programs that were written when these had no other place.
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
export { type OpenStorageOptions, openStorage } from '@gati-framework/storage-tools';
export { type FormatOptions, formatReport } from './text/format-report.js';
