import type { Revision } from '@gati-framework/manifest-store';
import type { Answer, JsonText, Page, PageQuery } from './common.js';
import type {
  ChangeCounts,
  ComparedHandlerView,
  FieldView,
  Findings,
  RecordDifferenceView,
} from './findings.js';

/** A store, now or right after a commit: `this`, `this@41`, `other`, `other@3`; `other` is what `--compare` named. */
export type StateName = 'this' | 'other' | `${'this' | 'other'}@${Revision}`;

/** What a state name stood for. */
export interface StateInfo {
  readonly of: 'this' | 'other';
  readonly revision: Revision;
}

/** Two versions of a handler, or of two. */
export interface CompareVersionsQuery {
  readonly id: string;
  /** Version on the older side. */
  readonly before: string;
  readonly after: string;
  /** The handler of `after`. Default: `id`. */
  readonly afterId?: string;
  /** Where each of them is. Default: `this`. */
  readonly beforeIn?: StateName;
  readonly afterIn?: StateName;
  /** Let differences in the bodies of errors count as breaking, too. */
  readonly strictErrors?: boolean;
}

/** First what it means, with all types that the versions reach; then the manifests themselves. */
export interface VersionsCompared extends Answer, Findings {
  readonly before: VersionSide;
  readonly after: VersionSide;
  /** Where the manifests differ; {@link LIMITS.findings} at most. */
  readonly fields: readonly FieldView[];
  readonly fieldCount: number;
}

export interface VersionSide extends StateInfo {
  readonly handlerId: string;
  readonly version: string;
  /** The manifest as it is stored. */
  readonly json: JsonText;
}

/** Two states: revisions, or stores. */
export interface CompareQuery extends PageQuery {
  readonly before: StateName;
  /** Default: `this`. */
  readonly after?: StateName;
  readonly strictErrors?: boolean;
}

/** What both sides of a comparison were, and how much differs in all. */
export interface Compared extends Answer {
  readonly before: StateInfo;
  readonly after: StateInfo;
  readonly counts: ChangeCounts;
}

/** What callers of latest versions notice: handlers that are new or another for them, or gone, by id. `total` counts those that were looked at. */
export interface ComparedFindings extends Compared, Page<ComparedHandlerView> {}

/** The raw differences: kind by kind; in one kind, of two revisions, changed ones first. */
export interface ComparedRecords extends Compared, Page<RecordDifferenceView> {}
