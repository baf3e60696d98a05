import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import type { Answer, Key, Text } from './common.js';

export interface CommitsQuery {
  /** Only commits before this revision: `next` of the part before. */
  readonly before?: Revision;
  /** Only commits after this one. */
  readonly after?: Revision;
  /** Only those that touched records of this handler. */
  readonly handler?: string;
  /** Default: 50. Most: {@link LIMITS.page}. */
  readonly limit?: number;
}

/** Newest first, as far as the history is kept. */
export interface CommitsPage extends Answer {
  readonly items: readonly CommitView[];
  /** `before` of the part that follows; absent at the end. */
  readonly next?: Revision;
}

export interface CommitView {
  readonly revision: Revision;
  /** Milliseconds since the epoch, by the clock of who committed. */
  readonly committedAt: number;
  /** Who and why. */
  readonly note?: Text;
  readonly changeCount: number;
  /** The first {@link LIMITS.listed}, in the order in which they were applied; `clear` took everything away. */
  readonly changes: readonly CommitStep[];
}

export type CommitStep =
  | { readonly does: 'put' | 'delete'; readonly kind: RecordKind; readonly key: Key }
  | { readonly does: 'clear' };

export interface EventsQuery {
  /**
   * The commits after this one are told, and then each as it is made. Default: those after the request. The header
   * `Last-Event-ID` counts before it.
   */
  readonly after?: Revision;
}

/**
 * What `/api/events` sends, as server-sent events: `event` is `type`, `data` the JSON of the rest, and the `id` of a commit its
 * revision. Every list asked for after a commit was told has it.
 *
 * `compacted`: commits that were to be told are no longer kept; load anew, and follow from `current`. `failed`: the store could
 * not be followed; ask again later. Either is the last. A comment comes every 15 seconds, so that a connection that is gone is noticed.
 */
export type StudioEvent =
  | ({ readonly type: 'commit' } & CommitView)
  | { readonly type: 'compacted'; readonly current: Revision }
  | { readonly type: 'failed'; readonly message: string };
