import { type RecordKind, type Revision, StorageError } from '@gati-framework/manifest-store';
import type { KeyTuple } from '@gati-framework/manifest-store/backend';
import { RECORD_KIND_NAMES, TimeSlice } from '@gati-framework/manifest-store/backend';
import type { EtcdClient } from '../client/etcd-client.js';
import { isCompacted } from '../client/grpc-error.js';
import { foreign, type Head, readHead, readTail, type Tail } from '../store/ends.js';
import type { StoreKeys } from '../store/keys.js';
import type { LogReader } from '../store/read-log.js';
import { RecordIndex } from '../store/record-index.js';
import { nameOfKey, type Row, readRow } from '../store/row.js';
import { sortInSlices } from '../store/sort-in-slices.js';
import { NOTHING, type RangeAnswer } from '../wire/messages.js';
import { DirtyRows } from './dirty-rows.js';

/** A store as it was at one revision of etcd, without its texts. */
export interface LoadedStore {
  readonly head: Head;
  /** The revision of etcd that wrote the head; so with the tail. */
  readonly headMod: number;
  readonly tail: Tail;
  readonly tailMod: number;
  readonly index: RecordIndex;
  readonly dirty: DirtyRows;
  /** The revision of etcd that was read. */
  readonly at: number;
  /** Groups that are too large for one transaction and under way, or came to no end. */
  readonly staged: readonly string[];
}

export interface StoreReader {
  readonly client: EtcdClient;
  readonly keys: StoreKeys;
  readonly log: LogReader;
}

const PAGE_ROWS = 2_000;
const MOST_STAGES = 1_000;
const MOST_ATTEMPTS = 5;

/** Reads the rows, and what the log tells beyond them. Undefined where there is no store yet. */
export async function loadStore(reader: StoreReader): Promise<LoadedStore | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await loadOnce(reader);
    } catch (error) {
      // etcd may compact its own history while it is read.
      if (!isCompacted(error) || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

async function loadOnce(reader: StoreReader): Promise<LoadedStore | undefined> {
  const { client, keys } = reader;
  const { ranges, revision } = await client.txn({
    success: [
      { op: 'range', key: keys.head },
      { op: 'range', key: keys.tail },
      { op: 'range', ...keys.all, limit: 1 },
      { op: 'range', ...keys.stages, limit: MOST_STAGES },
      { op: 'range', ...keys.rows, limit: PAGE_ROWS },
    ],
  });
  const [head, tail, any] = ranges.map(({ kvs }) => kvs[0]);
  const staged = ranges[3]?.kvs.map(({ key }) => keys.stagedBy(key)) ?? [];
  if (any === undefined) return undefined;
  if (head === undefined || tail === undefined) throw foreign(any.key);
  const ends = {
    head: readHead(head),
    headMod: head.modRevision,
    tail: readTail(tail),
    tailMod: tail.modRevision,
  };
  const rows = await readRows(reader, ranges[4] ?? NOTHING, revision);
  const dirty = await replayLog(reader, rows, ends, revision);
  return { ...ends, dirty, index: await makeIndex(rows), at: revision, staged };
}

/** By kind and key. */
type Rows = Map<string, Row>;

function nameOf(kind: RecordKind, key: KeyTuple): string {
  return `${kind}\0${nameOfKey(key)}`;
}

/** @param first The first page, which is there already. */
async function readRows({ client, keys }: StoreReader, first: RangeAnswer, revision: number): Promise<Rows> {
  const slice = new TimeSlice();
  const rows: Rows = new Map();
  for (let { kvs, more } = first; ; ) {
    for (const { key, value } of kvs) {
      if (slice.isOver) await slice.next();
      const named = keys.namedBy(key);
      const kind = RECORD_KIND_NAMES.find((known) => known === named.kind);
      if (kind === undefined) continue;
      const row = readRow(kind, named.key as KeyTuple, JSON.parse(value.toString()));
      rows.set(nameOf(kind, row.key), row);
    }
    const last = kvs.at(-1);
    if (!more || last === undefined) return rows;
    const range = { ...keys.rows, key: `${last.key}\0` };
    ({ kvs, more } = await client.range({ ...range, limit: PAGE_ROWS, revision }));
  }
}

/**
 * Rows may tell of more than the tail says: what the log tells after it is said once more then, and ends at the same. Throws
 * `STORAGE_CORRUPT` where a group is missing.
 */
async function replayLog(
  { log, keys }: StoreReader,
  rows: Rows,
  { head, tail }: Pick<LoadedStore, 'head' | 'tail'>,
  at: number,
): Promise<DirtyRows> {
  const slice = new TimeSlice();
  const dirty = new DirtyRows();
  let told = tail.indexed;
  for await (const groups of log.groupsFrom(tail.indexed + 1, at)) {
    for (const group of groups) {
      if (group.first > told + 1) throw missing(keys, told);
      told = group.last;
      for await (const commit of log.commitsOf(group, { from: tail.indexed + 1, at })) {
        for (const change of commit.changes) {
          if (slice.isOver) await slice.next();
          dirty.note(commit, change);
          if (change.op === 'clear') rows.clear();
          else if (change.op === 'delete') rows.delete(nameOf(change.kind, change.key));
          else rows.set(nameOf(change.row.kind, change.row.key), change.row);
        }
      }
    }
  }
  if (told !== head.revision) throw missing(keys, told);
  return dirty;
}

function missing(keys: StoreKeys, told: Revision): StorageError {
  return new StorageError(
    'STORAGE_CORRUPT',
    `The log in etcd does not tell what came after revision ${told}: of ${keys.group(told + 1)} or the next keys one is missing. ` +
      'Restore a snapshot of etcd; nothing was overwritten.',
  );
}

async function makeIndex(rows: Rows): Promise<RecordIndex> {
  const index = new RecordIndex();
  const slice = new TimeSlice();
  for (const row of await sortInSlices([...rows.values()], (a, b) => a.position - b.position)) {
    if (slice.isOver) await slice.next();
    index.set(row);
  }
  return index;
}
