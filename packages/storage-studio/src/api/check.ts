import type { ImportReport, InexpressibleEffect } from '@gati-framework/api-import';
import type { Answer, Text } from './common.js';
import type { ChangeCounts, ComparedHandlerView, Findings, RecordDifferenceView } from './findings.js';

/** Stands behind the `?`; the body is the file, as it is. */
export interface CheckQuery {
  /** The name of the file, for messages. */
  readonly name: string;
  /** The API that it belongs to. Default: by its title. */
  readonly api?: string;
  /** Name of the new versions, in place of that of the document. */
  readonly versionName?: string;
  /** Let a document older than others take its place before them. */
  readonly insert?: boolean;
  readonly strictErrors?: boolean;
}

/** What would be stored. Nothing was. */
export interface Checked extends Answer {
  readonly format: 'openapi' | 'gati-app' | 'gati-bundle' | 'deployment' | 'archive';
  /** Records that would be stored; none: the store has all of it. */
  readonly counts: ChangeCounts;
  /** The first of them, {@link LIMITS.page}. */
  readonly records: readonly RecordDifferenceView[];
  /** Of a document: what it means for callers. */
  readonly report?: CheckReport;
  /** Of records of a bundle: what their changes mean for callers of latest versions. {@link LIMITS.page} at most. */
  readonly findings: readonly ComparedHandlerView[];
}

/** As `import --dry-run` says it. Each list holds {@link LIMITS.page} at most, and its count says how many there are. */
export interface CheckReport {
  readonly source: ImportReport['source'];
  readonly operations: number;
  readonly schemas: number;
  readonly added: readonly CheckedHandler[];
  /** With what changed since `parent`. */
  readonly changed: readonly (CheckedHandler & Findings & { readonly parent: string })[];
  /** Versions that take their place before others. */
  readonly inserted: readonly (CheckedHandler & Findings & { readonly parent?: string })[];
  readonly renamed: readonly (Findings & { readonly handlerId: Text; readonly was: Text })[];
  /** Ids of handlers that the document before had: their callers break. */
  readonly removed: readonly Text[];
  readonly counts: {
    readonly added: number;
    readonly changed: number;
    readonly inserted: number;
    readonly renamed: number;
    readonly removed: number;
    readonly unchanged: number;
    readonly outdated: number;
    /** Of `changed`, `inserted` and `renamed`. */
    readonly breaking: number;
  };
  readonly types: {
    readonly added: number;
    readonly changed: number;
    readonly redescribed: number;
    readonly unchanged: number;
  };
  /** What the document says and no record has a place for. */
  readonly inexpressible: readonly {
    readonly keyword: Text;
    readonly count: number;
    readonly effect: InexpressibleEffect;
    readonly first: Text;
  }[];
}

export interface CheckedHandler {
  readonly handlerId: Text;
  readonly version: Text;
  readonly method: Text;
  readonly path: Text;
}
