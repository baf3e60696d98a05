import type { Revision, TimescapeMetadata, Transformer } from '@gati-framework/manifest-store';
import type { Answer, AsOf, CommitRef, JsonText, Key, RecordName, Text } from './common.js';
import type { Findings } from './findings.js';
import type { VersionStatus } from './handlers.js';
import type { TypeView } from './types.js';

export interface HandlerQuery extends AsOf {
  readonly id: string;
}

/** A handler with its versions and how they follow from each other. */
export interface HandlerView extends Answer {
  readonly handlerId: string;
  /** What its version graph calls so. */
  readonly current?: string;
  readonly latest?: string;
  /** Oldest first; of more than {@link LIMITS.listed}, the newest. */
  readonly versions: readonly VersionRow[];
  readonly versionCount: number;
  /** By first storing; {@link LIMITS.listed} at most. */
  readonly transformers: readonly TransformerView[];
  readonly transformerCount: number;
  /** The documents that versions came from, where that is remembered, in the order of their import. */
  readonly documents: readonly {
    readonly version?: string;
    readonly source: Text;
    /** Milliseconds since the epoch. */
    readonly importedAt: number;
  }[];
}

/** One version of a handler, and a node of its graph. */
export interface VersionRow {
  readonly version: string;
  /** Whether there is a manifest of it. */
  readonly stored: boolean;
  /** Whether the version graph has it; edges lead from `parent`. */
  readonly inGraph: boolean;
  readonly parent?: string;
  /** Whether callers of `parent` can break. */
  readonly breaking: boolean;
  readonly active: boolean;
  readonly methods?: readonly Text[];
  readonly path?: Text;
  /** Milliseconds since the epoch. */
  readonly createdAt?: number;
  readonly deployedAt?: number;
  /** That last stored its manifest. */
  readonly commit?: CommitRef;
  readonly status?: VersionStatus;
  /** 0 to 100. */
  readonly rollout?: number;
  /** What its graph says leads from it to others. */
  readonly transformers: readonly { readonly to: string; readonly id: string; readonly stored: boolean }[];
}

export interface TransformerView {
  readonly id: string;
  readonly handlerId: Text;
  readonly from: Text;
  readonly to: Text;
  readonly direction: Transformer['direction'];
  /** {@link LIMITS.listed} at most. */
  readonly steps: readonly { readonly path: Text; readonly type: Text; readonly details: JsonText }[];
  readonly stepCount: number;
  readonly createdAt: number;
  readonly revision: Revision;
}

export interface VersionQuery extends AsOf {
  readonly id: string;
  /** Default: the latest. */
  readonly version?: string;
}

/** One version of a handler with everything that belongs to it. */
export interface VersionView extends Answer {
  readonly row: VersionRow;
  /** Absent: only the graph has this version. */
  readonly manifest?: ManifestView;
  /** The manifest as it is stored. */
  readonly json?: JsonText;
  /** The hooks of the handler, whether or not this version names them; absent: none are stored. */
  readonly hooks?: HookManifestView;
  /** The types that the manifest names, each once, expanded as far as {@link LIMITS.typeNodes} allows. */
  readonly types: readonly TypeView[];
  readonly timescape?: TimescapeView;
  /** Transformers from this version and to it. */
  readonly transformers: readonly TransformerView[];
  /** What differs from `parent` for callers; absent for a first version and where the parent is not stored. */
  readonly changes?: Findings & { readonly before: string };
  /** The versions before and after it, by age. */
  readonly previous?: string;
  readonly following?: string;
}

export interface ManifestView {
  readonly methods: readonly Text[];
  readonly path: Text;
  /** `request`, `response`, `params` and `headers`, as far as there are. */
  readonly types: readonly { readonly name: string; readonly ref: Text; readonly stored: boolean }[];
  /** In the order in which they run. */
  readonly hooks: readonly {
    readonly phase: 'before' | 'after' | 'catch';
    readonly id: Text;
    /** Whether a hook manifest of the handler has it. */
    readonly stored: boolean;
  }[];
  readonly roles: readonly Text[];
  /** `window` is in milliseconds. */
  readonly rateLimit?: { readonly limit: number; readonly window: number };
  readonly modules: readonly Text[];
  readonly plugins: readonly Text[];
  readonly timescapeVersion: Text;
  readonly hash: Text;
  readonly createdAt: number;
  readonly revision: Revision;
}

export interface HookManifestView {
  readonly hooks: readonly {
    readonly id: Text;
    readonly type: Text;
    readonly level: Text;
    readonly isAsync: boolean;
    /** Milliseconds. */
    readonly timeout?: number;
    readonly retries?: number;
    /** `src/hooks/auth.ts:12:3`. */
    readonly source?: Text;
  }[];
  readonly hookCount: number;
  readonly version: Text;
  readonly createdAt: number;
  readonly revision: Revision;
}

export interface TimescapeView {
  readonly fingerprint: Text;
  readonly compatible: readonly Text[];
  readonly incompatible: readonly Text[];
  readonly transformable: readonly Text[];
  readonly strategy: TimescapeMetadata['deployment']['strategy'];
  readonly status: VersionStatus;
  /** 0 to 100. */
  readonly rollout?: number;
  /** `errorRate` is 0 to 1, `avgLatency` in milliseconds, `lastUpdated` in milliseconds since the epoch. */
  readonly metrics?: NonNullable<TimescapeMetadata['metrics']>;
  readonly revision: Revision;
}

/** Any record, as it is stored. */
export interface RecordQuery extends AsOf {
  readonly kind: RecordName['kind'];
  /** The first field of its key, and the second of those kinds that have two. */
  readonly key: string;
  readonly key2?: string;
  /** Of which store. Default: `this`. */
  readonly of?: 'this' | 'other';
  /** `true`: all of its JSON, however long. */
  readonly all?: boolean;
}

export interface RecordView extends Answer {
  readonly kind: RecordName['kind'];
  readonly key: Key;
  readonly json: JsonText;
  /** The commit that last stored it. */
  readonly commit: CommitRef;
}
