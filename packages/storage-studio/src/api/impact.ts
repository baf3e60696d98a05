import type { Answer, AsOf, Page, PageQuery, Text } from './common.js';
import type { VersionStatus } from './handlers.js';

/** What versions of handlers can depend on. A dependency is a module or a plugin. */
export type ImpactOf = 'gtype' | 'hook' | 'transformer' | 'dependency';

export interface ImpactQuery extends AsOf, PageQuery {
  readonly of: ImpactOf;
  /** The ref of the type, the id of the hook or transformer, the name of the dependency. */
  readonly name: string;
}

/** A version of a handler that depends on it. */
export interface ImpactRow {
  readonly handlerId: string;
  readonly version: string;
  /** Whether it is the latest of its handler. */
  readonly latest: boolean;
  readonly status?: VersionStatus;
  /** Where the manifest leads to it: `gtypes.request`, `hooks.before`, `dependencies.modules`; of a transformer, `fromVersion` or `toVersion`. */
  readonly places: readonly string[];
  /**
   * The shortest way, from the type that the manifest names to the one that was asked for, both included; one element
   * where it names that directly, and empty where no types are concerned.
   */
  readonly via: readonly Text[];
}

/** Every version that depends on something, directly or through types; by handler, oldest first. */
export interface Impact extends Answer, Page<ImpactRow> {
  readonly of: ImpactOf;
  readonly name: string;
  /** Whether there is a record of it; a dependency has none. */
  readonly stored: boolean;
  /** Handlers among all of the list. */
  readonly handlers: number;
}

/** What there is to ask about. */
export interface NamesQuery extends AsOf, PageQuery {
  readonly of: ImpactOf;
  /** Part of the name, in upper or lower case. Default: all. */
  readonly q?: string;
}

/** By name. */
export interface Names extends Answer, Page<{ readonly name: string }> {
  readonly of: ImpactOf;
}
