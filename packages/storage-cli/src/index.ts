export type { Difference } from './compare/difference.js';
export type { Inexpressible, InexpressibleEffect } from './document/findings.js';
export type { DocumentSource } from './document/read-source.js';
export { type FormatOptions, formatReport } from './format-report.js';
export { type ImportOptions, type ImportTarget, importDocument } from './import-document.js';
export { type OpenStorageOptions, openStorage } from './open-storage.js';
export type { ChangedHandler, HandlerSummary, ImportReport } from './plan/import-report.js';
export type { TypesReport } from './plan/plan-types.js';
