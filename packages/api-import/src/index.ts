export type { ComparableHandler, CompareOptions } from './compare/compare-handlers.js';
export { HandlerComparer } from './compare/compare-handlers.js';
export type { Difference, Verdict } from './compare/difference.js';
export { type LabelledBody, labelledBodies } from './compare/labelled-bodies.js';
export { DocumentError, type DocumentErrorDetails } from './document/document-error.js';
export { type DocumentSource, nameOfSource } from './document/document-source.js';
export type { Inexpressible, InexpressibleEffect } from './document/findings.js';
export { MAX_DOCUMENT_BYTES } from './document/max-document-bytes.js';
export { documentsInFolder } from './documents-in-folder.js';
export { type CustomAssertion, customAssertion, isAny, isStub } from './gtypes/gtype-shapes.js';
export { TypeUniverse } from './gtypes/type-universe.js';
export { type ImportOptions, type ImportTarget, importDocument } from './import-document.js';
export { plainDocument } from './plain-document.js';
export { type ApiRecord, fromApiType, isApiRef, type SeenDocument } from './plan/api-record.js';
export type {
  ChangedHandler,
  HandlerSummary,
  ImportReport,
  InsertedHandler,
  RenamedHandler,
  Weighed,
} from './plan/import-report.js';
export type { TimescapeReport } from './plan/plan-timescape.js';
export type { TypesReport } from './plan/plan-types.js';
export { type DocumentPlan, type PlanDocumentOptions, planDocument } from './plan-document.js';
export { previewImports } from './preview-imports.js';
export { inVersionOrder } from './version-order-of-sources.js';
