import type { JsonObject } from '../document/json-object.js';

/** What the runtime knew of its versions, as an import stores it. */
export interface TimescapeDraft {
  /** By what the runtime calls the path of a handler. */
  readonly versions: ReadonlyMap<string, readonly VersionDraft[]>;
  readonly tags: readonly TagDraft[];
  readonly artifacts: readonly { readonly type: string; readonly id: string; readonly version: string }[];
  /** As they are. */
  readonly notes: readonly { readonly id: string; readonly type: string; readonly note: JsonObject }[];
}

export interface VersionDraft {
  /** As the runtime names it: `tsv:1764255600-users-002`. */
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly deployedAt: number;
  readonly hash: string;
  readonly active: boolean;
  readonly requestCount: number;
  /** Milliseconds since the epoch. */
  readonly lastAccessed: number;
  readonly dbSchemaVersion?: string;
}

export interface TagDraft {
  readonly handlerId: string;
  readonly label: string;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly createdBy: string;
}

/** Where the registry of the runtime lists what, and the type of that. */
export const ARTIFACT_LISTS: Readonly<Record<string, string>> = {
  modules: 'module',
  schemas: 'schema',
  routes: 'route',
  events: 'event_handler',
  effects: 'effect',
};
