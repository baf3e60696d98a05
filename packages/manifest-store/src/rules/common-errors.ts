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
