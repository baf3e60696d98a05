import type { Revision } from '@gati-framework/manifest-store';
import type { Difference, Verdict } from '../compare/difference.js';
import type { Inexpressible } from '../document/findings.js';
import type { TimescapeReport } from './plan-timescape.js';
import type { TypesReport } from './plan-types.js';

/** What an import did, or with `dryRun` would do. */
export interface ImportReport {
  readonly source: {
    /** The file, or the name that the text was given. */
    readonly name: string;
    readonly format: 'openapi' | 'gati-app' | 'gati-bundle';
    /** For people: `OpenAPI 3.1.0`. */
    readonly specification: string;
    readonly title?: string;
    /** The API that the document belongs to. */
    readonly api: string;
    /** The version that new versions of handlers got; absent when each handler counts its own. */
    readonly version?: string;
  };
  readonly dryRun: boolean;
  /** Revision of the one commit; `null` when there was nothing to store. */
  readonly revision: Revision | null;
  /** Operations in the document, each of which is a handler. */
  readonly operations: number;
  /** Named schemas in the document. */
  readonly schemas: number;
  /** Handlers that the store did not have. */
  readonly added: readonly HandlerSummary[];
  /** Handlers that got a further version. */
  readonly changed: readonly ChangedHandler[];
  /** Handlers that got a further version before one that was stored already. */
  readonly inserted: readonly InsertedHandler[];
  /** Ids of handlers whose latest version is what the document says. */
  readonly unchanged: readonly string[];
  /** Handlers for which the document says what an older stored version says. */
  readonly outdated: readonly {
    readonly handlerId: string;
    readonly version: string;
    readonly latest: string;
  }[];
  /**
   * Ids of handlers that the document before had and this one has not: callers of
   * these break. They are left alone.
   */
  readonly removed: readonly string[];
  /** Handlers that the document before had under another id. Their versions begin anew. */
  readonly renamed: readonly RenamedHandler[];
  /** Ids of stored handlers that the document does not have. They are left alone. */
  readonly otherHandlers: readonly string[];
  readonly types: TypesReport;
  readonly inexpressible: readonly Inexpressible[];
  /** What was added to what the store knows of versions; absent where the document says nothing of that. */
  readonly timescape?: TimescapeReport;
}

export interface HandlerSummary {
  readonly handlerId: string;
  readonly version: string;
  readonly method: string;
  readonly path: string;
}

/** What the differences between two versions mean for callers of the older one. */
export interface Weighed {
  readonly breaking: boolean;
  /** The worst verdict of the differences; `unknown` does not make a version breaking. */
  readonly verdict: Verdict;
  readonly differences: readonly Difference[];
}

export interface ChangedHandler extends HandlerSummary, Weighed {
  /** The version that this one was made from. */
  readonly parent: string;
}

/** A version that took its place before others; the latest version stays the latest. */
export interface InsertedHandler extends HandlerSummary, Weighed {
  /** The version that it follows now; absent where it is the first. */
  readonly parent?: string;
  /** The version that follows it now, compared with it anew. */
  readonly next: Weighed & { readonly version: string };
}

/** A handler of the same method and path as one that the document before had. */
export interface RenamedHandler {
  readonly handlerId: string;
  /** The id of the handler before. */
  readonly was: string;
  /** The version of that handler that it was compared with. */
  readonly parent: string;
  readonly verdict: Verdict;
  readonly differences: readonly Difference[];
}
