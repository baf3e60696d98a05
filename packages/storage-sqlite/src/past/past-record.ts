import { type RecordKind, type Revision, StorageError } from '@gati-framework/manifest-store';
import { jsonText, type KeyTuple } from '@gati-framework/manifest-store/backend';
import type { StoredRecord } from '@gati-framework/storage-kit';
import type { Steps } from '../commit/steps.js';
import { parseKey, toStoredRecord } from '../sql/rows.js';
import type { PastMoment } from './moment.js';

/** Replacements that are followed back, each by a look-up, before it pays to go through the changes instead. */
const MOST_FOLLOWED = 64;

/** A record, as it was. */
export function* readPastRecord(
  moment: PastMoment,
  kind: RecordKind,
  key: KeyTuple,
): Steps<StoredRecord | undefined> {
  const now = moment.statements.records[kind].locate.get(...key);
  const id = yield* findPut(moment, kind, jsonText(key), now?.[1]);
  return id === undefined ? undefined : readPastPut(moment, kind, id);
}

/** What a change has put that was there at the moment. Throws `STORAGE_CORRUPT` when it is gone, as it must not be. */
export function readPastPut(
  { statements, at, location }: PastMoment,
  kind: RecordKind,
  id: number,
): StoredRecord {
  const row = statements.past.selectPut.get(id);
  if (row === undefined) throw lost(kind, id, at, location);
  const [key, ...value] = row;
  return toStoredRecord(kind, value, parseKey(key));
}

function lost(kind: RecordKind, id: number, at: Revision, location: string): StorageError {
  return new StorageError(
    'STORAGE_CORRUPT',
    `${location} has lost the change ${id} of its history, with which a record of the kind ${kind} was put that was there ` +
      `at revision ${at}. Nothing was changed. Restore it from a backup, or read a later revision.`,
    { details: { location, kind, revision: at } },
  );
}

/** @param put The change that put what is there now, if something is. @returns The one that put what was there. */
function* findPut(
  moment: PastMoment,
  kind: RecordKind,
  key: string,
  put: number | undefined,
): Steps<number | undefined> {
  const { statements, first, end } = moment;
  let at = put ?? end;
  for (let followed = 0; put !== undefined && followed < MOST_FOLLOWED && at >= first; followed++) {
    const replaced = statements.past.selectUndo.get(at)?.[4] ?? null;
    if (replaced === null) break;
    at = replaced;
    yield;
  }
  if (at < first) return at;
  // The first change since tells what it replaced, and a clear whatever was there.
  const changed = yield* searchAfter(moment, kind, key, at + 1);
  if (changed === undefined) return undefined;
  const [, operation, , , replaced] = statements.past.selectUndo.get(changed) ?? [];
  return operation === 'clear' ? yield* searchBefore(moment, kind, key) : (replaced ?? undefined);
}

function* searchAfter(
  { statements, first, end }: PastMoment,
  kind: RecordKind,
  key: string,
  stop: number,
): Steps<number | undefined> {
  for (let from = first; ; ) {
    const [reached, found] = statements.past.searchAfter.get(kind, key, from, Math.min(stop, end)) ?? [];
    if (found !== null && found !== undefined) return found;
    if (reached === null || reached === undefined) return undefined;
    from = reached + 1;
    yield;
  }
}

/** The last change of a record before the moment's end, if it has put something. */
function* searchBefore(
  { statements, first }: PastMoment,
  kind: RecordKind,
  key: string,
): Steps<number | undefined> {
  for (let before = first; ; ) {
    const [reached, found] = statements.past.searchBefore.get(kind, key, before) ?? [];
    if (found !== null && found !== undefined) {
      return statements.past.selectUndo.get(found)?.[1] === 'put' ? found : undefined;
    }
    if (reached === null || reached === undefined) return undefined;
    before = reached;
    yield;
  }
}
