import type { LogEntry, StorageChange, StorageEvent } from '../contract/storage.js';
import { deletionOf, putOf, stepOf } from '../contract/told-records.js';
import { TimeSlice } from '../platform/time-slice.js';
import type { PreparedChange } from '../rules/prepare-change.js';
import { snapshot } from '../rules/snapshot.js';
import type { KeptCommit } from './commit-history.js';

/** The event of so many changes is made in a millisecond or so. */
const MAX_CHANGES_AT_ONCE = 1_000;

/**
 * The events of commits, as `watch` reports them. All watchers get the same one,
 * which lives as long as its commit is kept, but where it holds what cannot be
 * frozen: each gets a copy of that.
 */
export class CommitEvents {
  readonly #shared = new WeakMap<KeptCommit, StorageEvent | Promise<StorageEvent>>();

  /** At once, or of a large commit in slices of time. */
  eventOf(commit: KeptCommit): StorageEvent | Promise<StorageEvent> {
    const known = this.#shared.get(commit);
    if (known !== undefined) return known;
    const isLarge = commit.changes.length > MAX_CHANGES_AT_ONCE;
    const event = isLarge ? makeInSlices(commit) : toEvent(commit, commit.changes.map(toStorageChange));
    if (commit.changes.every(isFrozen)) this.#shared.set(commit, event);
    return event;
  }
}

async function makeInSlices(commit: KeptCommit): Promise<StorageEvent> {
  const slice = new TimeSlice();
  const changes: StorageChange[] = [];
  for (const change of commit.changes) {
    if (slice.isOver) await slice.next();
    changes.push(toStorageChange(change));
  }
  return toEvent(commit, changes);
}

function toEvent({ revision, committedAt, note }: KeptCommit, changes: StorageChange[]): StorageEvent {
  return Object.freeze({
    revision,
    committedAt,
    ...(note !== undefined && { note }),
    changes: Object.freeze(changes),
  });
}

function isFrozen(change: PreparedChange): boolean {
  return change.op !== 'put' || change.frozen;
}

function toStorageChange(change: PreparedChange): StorageChange {
  switch (change.op) {
    case 'clear':
      return Object.freeze({ clear: true });
    case 'delete':
      return deletionOf(change.kind, change.key);
    case 'put': {
      const value = change.frozen
        ? change.value
        : snapshot(change.value, change.kind, Number.POSITIVE_INFINITY).value;
      return putOf(change.kind, change.key, value);
    }
  }
}

/** A commit as `log` tells it. */
export function toLogEntry(
  { revision, committedAt, note, changes }: KeptCommit,
  maxChanges: number,
): LogEntry {
  return Object.freeze({
    revision,
    committedAt,
    ...(note !== undefined && { note }),
    changeCount: changes.length,
    changes: Object.freeze(changes.slice(0, maxChanges).map(stepOf)),
  });
}
