import { describeKey, type KeyTuple } from '../contract/record-kinds.js';
import type { RecordKind, Revision } from '../contract/storage.js';
import { StorageError } from '../contract/storage-error.js';

/** Any call after `close()`. */
export function closed(): StorageError {
  return new StorageError('STORAGE_CLOSED', 'This storage was closed; create a new one.');
}

/** An expectation that did not hold. */
export function conflict(
  kind: RecordKind,
  key: KeyTuple,
  expected: Revision | null,
  actual: Revision | null,
): StorageError {
  const state = (revision: Revision | null): string =>
    revision === null ? 'absent' : `at revision ${revision}`;
  return new StorageError(
    'STORAGE_CONFLICT',
    `${describeKey(kind, key)} was expected to be ${state(expected)} but is ${state(actual)}; ` +
      'nothing was changed. Read it again and decide anew.',
    { details: { kind, key, expected, actual } },
  );
}

/** A store that somebody has committed to since. */
export function movedOn(expected: Revision, actual: Revision): StorageError {
  return new StorageError(
    'STORAGE_CONFLICT',
    `The store was expected to be at revision ${expected} but is at ${actual}; nothing was changed. ` +
      'See in log() what others have committed, and decide anew.',
    { details: { expected, actual } },
  );
}

/** A reading of the past that the history does not reach. */
export function notKept(at: Revision, oldest: Revision, current: Revision): StorageError {
  const range =
    oldest === current ? `only revision ${current} is there` : `revisions ${oldest} to ${current} are there`;
  const reason = at > current ? 'was never made in this store' : 'is no longer kept';
  return new StorageError('STORAGE_COMPACTED', `Revision ${at} ${reason}: ${range} to be read.`, {
    details: { at, oldest, current },
  });
}

/** A commit that is too large for `watch`. */
export function tooLargeToTell(revision: Revision, after: Revision, current: Revision): StorageError {
  return new StorageError(
    'STORAGE_COMPACTED',
    `Commit ${revision} is too large to be told change by change. ` +
      'Note the revision of stats(), read what you need with entries(), then watch after that revision.',
    { details: { after, current } },
  );
}

/** What only a storage that keeps its past can do. */
export function withoutHistory(path: string): StorageError {
  return new StorageError(
    'INVALID_OPTIONS',
    `${path} needs a storage that keeps its past, which capabilities.history tells; this one does not.`,
    { path, details: { missing: ['history'] } },
  );
}

/** A watch whose next commit is not there to be read. `oldest` is the revision that the history begins after. */
export function compacted(after: Revision, oldest: Revision, current: Revision): StorageError {
  const reason =
    after > current
      ? `it is at revision ${current}, so it was restored or replaced`
      : `its history begins after revision ${oldest}`;
  return new StorageError(
    'STORAGE_COMPACTED',
    `The commits after revision ${after} are not in this store: ${reason}. ` +
      'Note the revision of stats(), read what you need with entries(), then watch after that revision.',
    { details: { after, oldest, current } },
  );
}

/** A watch of a store that is no longer the one it began in. */
export function replaced(current: Revision): StorageError {
  return new StorageError(
    'STORAGE_COMPACTED',
    `This store was restored from a backup or replaced, and is at revision ${current} now: commits that were ` +
      'watched may not be in it. Read what you need with entries(), then watch after the revision of stats().',
    { details: { current } },
  );
}
