import type {
  Entry,
  EntryFilter,
  LogEntry,
  LogOptions,
  ReadOptions,
  RecordKey,
  RecordKind,
  Revision,
  StorageEvent,
  StorageStats,
  WatchOptions,
} from '@gati-framework/manifest-store';
import {
  ChangeFeed,
  compacted,
  keyObject,
  type LogRange,
  prepareRecordKey,
  readAt,
  readLogRange,
  snapshot,
  stepOf,
} from '@gati-framework/manifest-store/backend';
import type { Commit } from './disk.js';
import { ReferenceLookups } from './reference-lookups.js';

/** How a correct storage tells of single records, of the past, and of commits. */
export class ReferenceReads extends ReferenceLookups {
  protected readonly feed: ChangeFeed = new ChangeFeed((after) => this.history(after));

  async get<K extends RecordKind>(
    recordKey: RecordKey<K>,
    options: ReadOptions = {},
  ): Promise<Entry<K> | undefined> {
    this.assertOpen();
    const { kind, key } = prepareRecordKey(recordKey);
    const at = readAt(options);
    const row = at === undefined ? this.find(kind, key) : this.find(kind, key, this.rowsAt(at));
    return row && (this.entry(row) as Entry<K>);
  }

  async *entries(filter: EntryFilter = {}): AsyncIterableIterator<Entry> {
    this.assertOpen();
    for (const row of this.select(filter).map((found) => ({ ...found }))) {
      this.assertOpen();
      yield this.entry(row);
    }
  }

  watch(options: WatchOptions = {}): AsyncIterableIterator<StorageEvent> {
    const start = (): Revision => {
      this.assertOpen();
      return this.disk.revision;
    };
    return this.feed.watch(start, options);
  }

  async *log(options: LogOptions = {}): AsyncIterableIterator<LogEntry> {
    this.assertOpen();
    for (const entry of this.logged(readLogRange(options))) {
      this.assertOpen();
      yield entry;
    }
  }

  async stats(): Promise<StorageStats & { revision: Revision; oldestRevision: Revision }> {
    const { revision, dropped } = this.disk;
    return { ...this.getStats(), revision, oldestRevision: dropped };
  }

  protected history(after: Revision): StorageEvent[] {
    const { dropped, revision, commits } = this.disk;
    if (after < dropped || after > revision) throw compacted(after, dropped, revision);
    return commits.slice(after - dropped).map((commit) => this.event(commit));
  }

  protected logged({ after, before, reverse, limit, maxChanges }: LogRange): LogEntry[] {
    const { dropped, revision, commits } = this.disk;
    const start = after ?? dropped;
    if (start < dropped || start > revision) throw compacted(start, dropped, revision);
    const found = commits.filter((one) => one.revision > start && one.revision < (before ?? revision + 1));
    return (reverse ? found.reverse() : found).slice(0, limit).map((one) => this.summary(one, maxChanges));
  }

  protected summary({ revision, committedAt, note, changes }: Commit, maxChanges: number): LogEntry {
    return Object.freeze({
      revision,
      committedAt,
      ...(note !== undefined && { note }),
      changeCount: changes.length,
      changes: Object.freeze(changes.slice(0, maxChanges).map(stepOf)),
    });
  }

  protected event({ revision, committedAt, note, changes }: Commit): StorageEvent {
    const told = changes.map((change) => {
      if (change.op === 'clear') return Object.freeze({ clear: true });
      const key = keyObject(change.kind, change.key);
      if (change.op === 'delete') return Object.freeze({ delete: change.kind, key });
      return Object.freeze({ put: change.kind, key, value: snapshot(change.value, change.kind).value });
    });
    return Object.freeze({
      revision,
      committedAt,
      ...(note !== undefined && { note }),
      changes: Object.freeze(told),
    }) as StorageEvent;
  }
}
