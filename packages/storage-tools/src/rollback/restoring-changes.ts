import type { Change, Entry, RecordKind, Revision, Storage } from '@gati-framework/manifest-store';
import { deletionOf, keyTuple, putOf, RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import { recordContent } from '../archive/record-content.js';
import { ByKind } from '../diff/by-kind.js';

/**
 * The changes that make a store at revision `from` what it was at `to`, also in the order of its records. Records keep
 * their places up to the first that is gone: it can only come back behind the others, so those that stood behind it are
 * deleted and stored again, too.
 *
 * Memory: two records.
 */
export async function* restoringChanges(
  storage: Pick<Storage, 'entries' | 'get'>,
  from: Revision,
  to: Revision,
): AsyncGenerator<Change> {
  const now = new ByKind(storage.entries({ at: from }));
  const then = new ByKind(storage.entries({ at: to }));
  const isThere = async (entry: Entry): Promise<boolean> =>
    (await storage.get(entry, { at: from })) !== undefined;
  try {
    for (const kind of RECORD_KIND_NAMES) yield* ofKind(kind, now, then, isThere);
  } finally {
    await Promise.all([now.end(), then.end()]);
  }
}

async function* ofKind(
  kind: RecordKind,
  now: ByKind<Entry>,
  then: ByKind<Entry>,
  isThere: (entry: Entry) => Promise<boolean>,
): AsyncGenerator<Change> {
  let [current, wanted] = [await now.next(kind), await then.next(kind)];
  let isWantedThere: boolean | undefined;
  while (current !== undefined && wanted !== undefined) {
    if (isSameRecord(current, wanted)) {
      if (!isSameValue(current, wanted)) yield put(wanted);
      [current, wanted, isWantedThere] = [await now.next(kind), await then.next(kind), undefined];
      continue;
    }
    // One that is there is further on, or was deleted before: then nothing is left to keep.
    isWantedThere ??= await isThere(wanted);
    if (!isWantedThere) break;
    yield deletion(current);
    current = await now.next(kind);
  }
  for (; current !== undefined; current = await now.next(kind)) yield deletion(current);
  for (; wanted !== undefined; wanted = await then.next(kind)) yield put(wanted);
}

function isSameRecord(a: Entry, b: Entry): boolean {
  const [left, right] = [keyTuple(a.kind, a.key), keyTuple(b.kind, b.key)];
  return left.every((part, i) => part === right[i]);
}

/** A commit leaves one value of a record; others may have stored the same again. */
function isSameValue(a: Entry, b: Entry): boolean {
  return a.revision === b.revision || recordContent(a) === recordContent(b);
}

function put({ kind, key, value }: Entry): Change {
  return putOf(kind, keyTuple(kind, key), value);
}

function deletion({ kind, key }: Entry): Change {
  return deletionOf(kind, keyTuple(kind, key));
}
