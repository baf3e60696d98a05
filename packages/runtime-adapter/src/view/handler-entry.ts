import type {
  HandlerManifest,
  TimescapeMetadata,
  Transformer,
  VersionGraph,
} from '@gati-framework/manifest-store';
import type { Route } from '../routes/route-index.js';

/** A record and its place in first-stored order. */
export interface Placed<T> {
  readonly value: T;
  readonly place: number;
}

/** All that a view holds of one handler. It is replaced and never changed, so whoever has it sees one moment. */
export interface HandlerEntry {
  readonly handlerId: string;
  /** By version. */
  readonly manifests: ReadonlyMap<string, Placed<HandlerManifest>>;
  /** Oldest first, frozen. */
  readonly versions: readonly HandlerManifest[];
  readonly graph: VersionGraph | undefined;
  /** By version; absent where there is none. */
  readonly metadata: ReadonlyMap<string, TimescapeMetadata> | undefined;
  /** By id; absent where there is none. */
  readonly transformers: ReadonlyMap<string, Placed<Transformer>> | undefined;
  /** The same by the version that they lead from, and then to; frozen, in first-stored order. */
  readonly pairs: ReadonlyMap<string, ReadonlyMap<string, readonly Transformer[]>> | undefined;
  readonly routes: readonly Route[];
}
