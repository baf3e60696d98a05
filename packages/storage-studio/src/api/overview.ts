import type {
  Revision,
  StorageCapabilities,
  StorageFigures,
  StorageStats,
} from '@gati-framework/manifest-store';
import type { Answer } from './common.js';
import type { VersionStatus } from './handlers.js';

/** Which store is looked at. */
export interface StoreInfo {
  /** Its URL without any password, or what the program that serves calls it. */
  readonly label: string;
  /** `better-sqlite3`, `postgres`, ... */
  readonly backend: string;
  readonly capabilities: StorageCapabilities;
}

/** How the server knows the store. */
export interface IndexInfo {
  /** `building`: the first reading goes on; lists wait for it. */
  readonly state: 'building' | 'ready';
  /** How many records were read; the counts say of how many. */
  readonly records: number;
  /** Estimated bytes that it takes, and may take. */
  readonly bytes: number;
  readonly limit: number;
  /**
   * What did not fit. `fields`: search does not find fields of types. `handlers`: lists, search and blast radius leave out
   * handlers; each can still be opened by its address.
   */
  readonly leftOut: 'nothing' | 'fields' | 'handlers';
}

/** The first view, and what the page must know of its server. */
export interface Overview extends Answer {
  /** Revision of the store now; `revision` is what is looked at. */
  readonly current: Revision;
  /** The first revision that `at` can name; absent where the store keeps no past. */
  readonly oldestRevision?: Revision;
  /** Records of each kind, at `revision`. */
  readonly counts: StorageStats;
  /** At `revision`; absent while the index is being built. */
  readonly handlers?: {
    readonly handlers: number;
    readonly versions: number;
    /** Versions that can break callers of the version before. */
    readonly breaking: number;
    /** Versions by the status of their deployment; those without one are in none. */
    readonly statuses: { readonly [S in VersionStatus]?: number };
  };
  readonly health: {
    readonly status: 'ok' | 'failed';
    /** Milliseconds. */
    readonly latency: number;
    /** Why it failed. */
    readonly message?: string;
  };
  /** How the store does now, as far as its backend tells, and the server's connection to it. */
  readonly figures: StorageFigures;
  readonly store: StoreInfo;
  /** What `--compare` named. */
  readonly other?: StoreInfo;
  /** Whether the studio may write: started with `--write`. */
  readonly write: boolean;
  readonly index: IndexInfo;
  /** Of this package. */
  readonly version: string;
}
