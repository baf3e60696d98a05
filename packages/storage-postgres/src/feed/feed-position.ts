import type { Revision } from '@gati-framework/manifest-store';
import type { StoreState } from '@gati-framework/storage-kit';
import type { CommittedGroup } from '../commit/commit-answer.js';
import { isKnown, toStoreState } from '../sql/rows.js';
import { type Cursor, isSameHistory } from './cursor.js';
import type { ChangedRecord, FeedAnswer } from './feed-rows.js';

/**
 * Where a feed is, and what takes it further. Positions are values; nothing here
 * waits, asks or tells. These hold, whatever happens in which order:
 *
 * 1. Everything up to `cursor` was told to the listener, or was committed by this process, which knows its own. So
 *    what is cached is right as of `cursor`, and `state` is the store at `cursor`.
 * 2. Within one history the cursor never goes back: answers that were asked for at the same time may come in any
 *    order, and one that knows less than the cursor tells nothing.
 * 3. The cursor jumps over nothing: an answer begins where the cursor was when it was asked for, so it holds
 *    everything between that and its own end; and a commit of this process moves the cursor only if the commit before
 *    it, by revision and by the id of its group, is the one at the cursor.
 * 4. `seen` is the newest revision that anything has shown to a caller. Nothing is fresh while it is ahead of the
 *    cursor: a caller who saw a newer record is to see no older one beside it. Only a primary can take it back, as it is
 *    never behind: whoever saw more than it has saw what is no more. It does so only if nothing was seen since
 *    it was asked, as that may be newer than its answer.
 * 5. Another history (epoch, revision gone back on a primary, or another group at the revision of the cursor) replaces
 *    the position as a whole, `seen` with it.
 * 6. A standby that lacks what is known has the same history, later. Who reads the log there and
 *    finds nothing is told again, without a change, when it has caught up.
 */
export interface FeedPosition {
  readonly cursor: Cursor;
  /** The store at the cursor. */
  readonly state: StoreState;
  readonly seen: Revision;
  /** A standby has answered with less than the cursor. */
  readonly isStandbyBehind: boolean;
}

/** What the listener is to hear. */
export type Told =
  | {
      readonly event: 'changed';
      readonly state: StoreState;
      readonly records: readonly ChangedRecord[] | 'all';
    }
  | { readonly event: 'replaced'; readonly state: StoreState }
  | undefined;

export interface Step {
  readonly position: FeedPosition;
  readonly told: Told;
}

/** Before anything was asked. */
export const START: FeedPosition = {
  cursor: { epoch: '', revision: 0, groupId: null },
  state: toStoreState(0, null),
  seen: 0,
  isStandbyBehind: false,
};

/** Where the first answer puts a feed. What was seen before stays seen. */
export function startAt(position: FeedPosition, { cursor, state }: FeedAnswer): FeedPosition {
  return { ...position, cursor, state };
}

/**
 * @param position Now.
 * @param asked Where the feed was when it asked for the answer.
 */
export function advance(position: FeedPosition, asked: FeedPosition, answer: FeedAnswer): Step {
  const { state, cursor, groupIdAtKnown, isStandby, changed } = answer;
  if (!isSameHistory(asked.cursor, { ...cursor, groupIdAtKnown, isStandby })) {
    const replaced = { cursor, state, seen: cursor.revision, isStandbyBehind: false };
    return { position: replaced, told: { event: 'replaced', state } };
  }
  const known = position.cursor.revision;
  const isTrueOfSeen = !isStandby && position.seen === asked.seen;
  const next = {
    ...position,
    seen: isTrueOfSeen ? cursor.revision : position.seen,
    isStandbyBehind: cursor.revision < known,
  };
  if (cursor.revision > known) {
    // The log does not go back to what was known: nobody can say what changed since.
    const isGap = groupIdAtKnown === null && asked.cursor.revision > 0;
    return {
      position: { ...next, cursor, state },
      told: { event: 'changed', state, records: isGap ? 'all' : changed },
    };
  }
  const hasCaughtUp = cursor.revision === known && position.isStandbyBehind;
  return {
    position: next,
    told: hasCaughtUp ? { event: 'changed', state: position.state, records: [] } : undefined,
  };
}

/** The store after a commit of this process, as far as it knows. */
export function stateAfter(
  { state }: FeedPosition,
  { last, added = {}, cleared }: CommittedGroup,
): StoreState {
  const counts = { ...(cleared ? START : { state }).state.counts };
  for (const [kind, count] of Object.entries(added)) {
    if (isKnown(kind)) counts[kind] += count;
  }
  return { revision: last, counts };
}

/** Undefined when something may lie between the position and the commit, or what it added is not known. */
export function afterOwnCommit(position: FeedPosition, committed: CommittedGroup): FeedPosition | undefined {
  const { epoch, base, before, last, groupId, added } = committed;
  const { cursor } = position;
  const follows = cursor.revision === base && cursor.groupId === before && cursor.epoch === epoch;
  if (!follows || added === undefined) return undefined;
  return { ...position, cursor: { epoch, revision: last, groupId }, state: stateAfter(position, committed) };
}

/** An answer has shown this revision to a caller. */
export function withSeen(position: FeedPosition, revision: Revision): FeedPosition {
  return { ...position, seen: Math.max(position.seen, revision) };
}
