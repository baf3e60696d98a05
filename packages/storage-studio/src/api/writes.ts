import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import type { Checked, CheckQuery } from './check.js';
import type { CommitView } from './commits.js';
import type { Answer, Key, RecordName } from './common.js';
import type { ChangeCounts, ComparedHandlerView, RecordDifferenceView } from './findings.js';

/**
 * Whether something is done, or only said: with `dryRun` nothing is stored, and the answer has what would be, and the
 * revision that it was read at. Given that as `expectRevision`, it is done if nobody has committed anything since
 * (`STORAGE_CONFLICT` otherwise). One of the two must be given.
 */
export type Intent =
  | { readonly dryRun: true; readonly note?: string }
  | { readonly expectRevision: Revision /** Why, in the history. */; readonly note?: string };

/** Brings the store back to what it was right after a commit. */
export type RollbackRequest = Intent & { readonly to: Revision };

/** Deletes decommissioned versions that are old. One of `olderThan` and `keep` must be given. */
export type PruneRequest = Intent & {
  /** Versions made longer ago than this, in milliseconds, may go. */
  readonly olderThan?: number;
  /** The newest so many of each handler stay. */
  readonly keep?: number;
  /** Takes those, too, that others refer to. */
  readonly force?: boolean;
  /** Versions or handlers that stay, as `prune --protect` takes them: `*-lts`, `billing.*@2.*`. */
  readonly protect?: readonly string[];
  /** What is now, in milliseconds since the epoch: as the dry run told it, so that the same is done. */
  readonly now?: number;
};

/** Deletes a handler with all its records, one of its versions, or any other record. */
export type DeleteRequest = Intent & {
  readonly target:
    | { readonly handlerId: string; readonly version?: string }
    | { readonly kind: RecordKind; readonly key: Key };
  /** Also when others refer to it. */
  readonly force?: boolean;
};

/** Deploys a bundle or imports a document, in one commit. Stands behind the `?`; the body is the file, as it is. */
export type DeployQuery = Intent & CheckQuery;

/** What would be stored, or was. */
export interface Written extends Answer {
  /** Whether it was stored; also `false` where there was nothing to store. */
  readonly done: boolean;
  /** Of a dry run: what to give as `expectRevision`. Of what was done: the revision of its commit. */
  readonly revision: Revision;
  readonly counts: ChangeCounts;
  /** The first {@link LIMITS.page}. */
  readonly records: readonly RecordDifferenceView[];
  /** What it means for callers of latest versions, by id. {@link LIMITS.page} at most. */
  readonly findings: readonly ComparedHandlerView[];
  readonly findingCount: number;
}

export interface RolledBack extends Written {
  readonly from: Revision;
  readonly to: Revision;
  /** Those that are taken back, newest first; {@link LIMITS.page} at most. */
  readonly commits: readonly CommitView[];
}

export interface Pruned extends Written {
  readonly now: number;
  /** {@link LIMITS.page} at most; with `keptFor`, why it stays. */
  readonly versions: readonly {
    readonly handlerId: string;
    readonly version: string;
    readonly keptFor?: string;
  }[];
  readonly versionCount: number;
}

export interface Deleted extends Written {
  /** The records that stay and name one that goes. Without `force` they keep it from being deleted. {@link LIMITS.page} at most. */
  readonly referrers: readonly (RecordName & { /** Where they name it. */ readonly path: string })[];
  readonly referrerCount: number;
}

export type Deployed = Written & Pick<Checked, 'format' | 'report'>;
