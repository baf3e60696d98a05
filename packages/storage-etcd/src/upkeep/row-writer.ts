import { TimeSlice } from '@gati-framework/manifest-store/backend';
import type { EtcdClient } from '../client/etcd-client.js';
import { inRequests, nest } from '../commit/operations.js';
import type { StoreMirror } from '../feed/store-mirror.js';
import { type Head, type Tail, writeEnd } from '../store/ends.js';
import type { StoreKeys } from '../store/keys.js';
import { isInLog } from '../store/read-log.js';
import { type Row, writeRow } from '../store/row.js';
import type { Operation } from '../wire/messages.js';

interface Snapshot {
  readonly head: Head;
  readonly tail: Tail;
  readonly tailMod: number;
  readonly isCleared: boolean;
  /** What the rows are to say: each with the row that is there, or none. */
  readonly rows: readonly (readonly [key: string, row: Row | undefined])[];
}

/**
 * Brings the rows in etcd to where the log is, so that who opens the store need not read all of that, and it can be
 * trimmed. Every transaction compares the tail and writes it: one that comes late, or of a process that is behind, does nothing;
 * nor does one that comes to a store which was restored meanwhile, as the log does not tell of the rows there.
 *
 * @returns Whether they were brought there; false: somebody else is doing it.
 */
export async function writeRows(client: EtcdClient, keys: StoreKeys, mirror: StoreMirror): Promise<boolean> {
  const { head, tail, tailMod, isCleared, rows } = await mirror.exclusively(() => take(keys, mirror));
  if (head.revision === tail.indexed) return true;
  let mod = tailMod;
  const known = isInLog(keys, { last: head.revision, id: head.group });
  const write = async (operations: readonly Operation[], next: Tail): Promise<boolean> => {
    const { succeeded, revision } = await client.txn({
      compare: [{ key: keys.tail, target: 'modRevision', is: 'equal', value: mod }, ...known],
      success: nest([{ op: 'put', key: keys.tail, value: writeEnd(next) }, ...operations]),
    });
    mod = revision;
    return succeeded;
  };
  // What a clear took goes first: one transaction must not touch a key twice.
  if (isCleared && !(await write([{ op: 'delete', ...keys.rows }], tail))) return false;
  for (const request of inRequests(rowOperations(rows))) if (!(await write(request, tail))) return false;
  const next: Tail = { ...tail, indexed: head.revision, indexedChanges: head.changes };
  if (!(await write([], next))) return false;
  await mirror.exclusively(() => mirror.noteTail(next, mod));
  return true;
}

async function take(keys: StoreKeys, { head, tail, tailMod, dirty, index }: StoreMirror): Promise<Snapshot> {
  const slice = new TimeSlice();
  const rows: (readonly [string, Row | undefined])[] = [];
  for (const { kind, key } of dirty.rows()) {
    if (slice.isOver) await slice.next();
    rows.push([keys.row(kind, key), index.get(kind, key)]);
  }
  return { head, tail, tailMod, isCleared: dirty.cleared > 0, rows };
}

function* rowOperations(rows: Snapshot['rows']): Generator<Operation> {
  for (const [key, row] of rows) {
    if (row === undefined) yield { op: 'delete', key };
    else yield { op: 'put', key, value: Buffer.from(JSON.stringify(writeRow(row))) };
  }
}
