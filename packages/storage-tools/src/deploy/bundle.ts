import type { DocumentPlan, DocumentSource } from '@gati-framework/api-import';
import type { PutChange } from '@gati-framework/manifest-store';

export type BundleFormat = 'deployment' | 'archive' | 'gati-bundle' | 'gati-app';

/** What is deployed together, read and checked. */
export interface Bundle {
  readonly format: BundleFormat;
  /** As it was named. */
  readonly file: string;
  /** What a store that is empty would hold afterwards. */
  readonly records: readonly PutChange[];
  /**
   * Of what the framework writes: versions of handlers follow those that a store holds, so what is
   * stored there is planned anew for each store.
   */
  readonly document?: Extract<DocumentSource, { text: string }>;
  /** What the bundle says and no record has a place for. */
  readonly omitted: DocumentPlan['report']['inexpressible'];
}
