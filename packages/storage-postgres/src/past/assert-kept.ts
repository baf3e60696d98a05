import type { Revision } from '@gati-framework/manifest-store';
import { compacted, notKept } from '@gati-framework/manifest-store/backend';
import { behind } from '../errors/postgres-error.js';
import { flagAt, numberAt, numberOrNullAt, type Row } from '../sql/row-values.js';

/** Throws `STORAGE_COMPACTED` where the store is not kept as it was at a revision; a standby may yet reach one. */
export function assertKept(at: Revision, oldest: Revision, current: Revision, isStandby: boolean): void {
  if (at > current && isStandby) throw behind(current, at);
  if (at < oldest || at > current) throw notKept(at, oldest, current);
}

/** @param head Of the statements that read the log. Throws `STORAGE_COMPACTED` where that does not go back to a revision. */
export function assertInLog(after: Revision, head: Row): void {
  const current = numberAt(head, 0);
  if (after > current && flagAt(head, 2)) throw behind(current, after);
  const first = numberOrNullAt(head, 1);
  const oldest = first === null ? current : first - 1;
  if (after < oldest || after > current) throw compacted(after, oldest, current);
}
