import type { GType, HandlerManifest } from '@gati-framework/manifest-store';
import type { TimescapeDraft } from '../gati-app/timescape-draft.js';
import type { Inexpressible } from './findings.js';

/** What an import stores, read from a document of any format, before versions are chosen. */
export interface ImportableDocument {
  readonly format: 'openapi' | 'gati-app' | 'gati-bundle';
  /** For people: `OpenAPI 3.1.0`. */
  readonly specification: string;
  readonly title: string | undefined;
  /** The version that the document gives itself. */
  readonly version: { readonly name: string; readonly place: string } | undefined;
  /** Milliseconds since the epoch; when the document was made, if it says so. */
  readonly writtenAt: number | undefined;
  readonly handlers: readonly HandlerDraft[];
  /** By ref. References among them are stubs that name each other without a version. */
  readonly types: ReadonlyMap<string, GType>;
  /** How many of the types are named schemas of the document. */
  readonly schemas: number;
  readonly inexpressible: readonly Inexpressible[];
  /** What the runtime knew of versions; only in what an application has written. */
  readonly timescape?: TimescapeDraft;
}

/** A handler manifest without what depends on the store. Its refs have no version yet. */
export interface HandlerDraft {
  readonly handlerId: string;
  /** Where it stands in the document. */
  readonly place: string;
  readonly method: string | string[];
  readonly path: string;
  readonly gtypes: {
    readonly request: string;
    readonly response: string;
    readonly params?: string;
    readonly headers?: string;
  };
  /** What only some formats say; of the others, a manifest has none of it. */
  readonly declared?: DeclaredDuties & {
    /** The Timescape version, which is what the version of the handler is called. */
    readonly version: string;
  };
}

/** What a handler does beside answering. */
export type DeclaredDuties = Pick<HandlerManifest, 'hooks' | 'policies' | 'dependencies'>;
