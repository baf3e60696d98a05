import type { TimescapeMetadata } from '@gati-framework/manifest-store';
import type { Answer, AsOf, CommitRef, Page, PageQuery, Text } from './common.js';

export type VersionStatus = TimescapeMetadata['deployment']['status'];

/** `-` in front: the other way round. `deployed` is by the commit that stored the handler's newest manifest or graph. */
export type HandlerSort =
  | 'id'
  | '-id'
  | 'path'
  | '-path'
  | 'deployed'
  | '-deployed'
  | 'versions'
  | '-versions';

/** Of several conditions all must hold, those behind `q` for one and the same version. */
export interface HandlersQuery extends AsOf, PageQuery {
  /**
   * Words, each of which must be part of the id, or of a path, role, dependency, type name or field name of any version,
   * in upper or lower case; also of types that are reached through others.
   */
  readonly q?: string;
  /** `*` stands for one part of the path, `**` for any number, `!` in front turns it over. */
  readonly path?: string;
  readonly method?: string;
  readonly role?: string;
  /** A module or plugin. */
  readonly dependency?: string;
  readonly status?: VersionStatus;
  /** `true`: versions that can break callers; `false`: those that cannot. */
  readonly breaking?: boolean;
  /** Default: `id`. */
  readonly sort?: HandlerSort;
  /** In place of `cursor`: how many to pass over, for lists that are jumped about in. */
  readonly offset?: number;
}

/** A handler in a list: its latest version, of those that were asked for. */
export interface HandlerRow {
  readonly handlerId: string;
  /** Absent: only its version graph is stored. */
  readonly methods?: readonly Text[];
  readonly path?: Text;
  /** Name of the latest version that was asked for. */
  readonly version: string;
  /** How many versions it has, and how many of them were asked for. */
  readonly versions: number;
  readonly matching: number;
  /** Whether `version` can break callers of the version before. */
  readonly breaking: boolean;
  /** How many of all versions can. */
  readonly breakingVersions: number;
  /** How `version` is deployed; absent without Timescape metadata. */
  readonly status?: VersionStatus;
  /** Milliseconds since the epoch: when `version` was deployed, by its graph, or made. */
  readonly deployedAt?: number;
  /** The commit that last stored a manifest or the graph of the handler. */
  readonly commit: CommitRef;
  /** Where the first word of `q` was found, if not in the id. */
  readonly found?: FoundIn;
}

export interface FoundIn {
  readonly in: 'path' | 'role' | 'dependency' | 'type' | 'field';
  /** What holds the word; of a field, `User.email`. */
  readonly text: Text;
}

/** Handlers in the order that was asked for; of what is equal, by id. */
export interface HandlersPage extends Answer, Page<HandlerRow> {
  /** How many stand before the first of these. */
  readonly offset: number;
}

/** What filters can choose from: the most frequent first, {@link LIMITS.page} of each. */
export interface Facets extends Answer {
  readonly methods: readonly Facet[];
  readonly roles: readonly Facet[];
  readonly dependencies: readonly Facet[];
  readonly statuses: readonly Facet[];
}

export interface Facet {
  readonly value: string;
  /** Handlers with such a version. */
  readonly handlers: number;
}
