import { type Revision, StorageError } from '@gati-framework/manifest-store';
import { compacted, TimeSlice } from '@gati-framework/manifest-store/backend';
import type { EtcdClient } from '../client/etcd-client.js';
import type { Compare } from '../wire/compare.js';
import type { KeyValue } from '../wire/messages.js';
import { readTail } from './ends.js';
import { nameOfParts, type StoreKeys } from './keys.js';
import { ChangeReader, type LogCommit, type LogGroup, type WrittenCommit, type WrittenGroup } from './log.js';

/** Most groups of a page, each of which has some ten KiB at most at its key. */
export const PAGE_GROUPS = 64;
/** Most parts of a group that are read at once. */
const PAGE_PARTS = 32;

/** A group, and what reads its commits. */
export interface ReadGroup extends LogGroup {
  readonly written: WrittenGroup;
}

/** Throws `STORAGE_CORRUPT`. */
export function readGroup({ key, value }: KeyValue): ReadGroup {
  const written = readJson<WrittenGroup>(key, value);
  const { id, previous, first, last, changes } = written;
  return { id, previous, first, last, changes, written };
}

/**
 * What holds as long as the log has this group. The numbers that etcd gives come again after a snapshot was restored, those of
 * the store as well; what names a group does not.
 *
 * @param last Of its revisions; 0: there is no group yet.
 */
export function isInLog(keys: StoreKeys, { last, id }: Pick<LogGroup, 'last' | 'id'>): readonly Compare[] {
  if (last === 0) return [];
  const key = keys.group(last);
  return [
    { key, target: 'value', is: 'greater', value: `{"id":"${id}"` },
    { key, target: 'value', is: 'less', value: `{"id":"${id}"~` },
  ];
}

function readJson<T>(key: string, value: Buffer): T {
  try {
    return JSON.parse(value.toString());
  } catch (cause) {
    throw new StorageError(
      'STORAGE_CORRUPT',
      `What etcd holds at ${key} is damaged. Restore a snapshot of etcd; nothing was overwritten.`,
      { cause },
    );
  }
}

export interface LogReading {
  /** Commits before this one are passed over. */
  readonly from?: Revision;
  /** Most changes of a commit. Default: all. */
  readonly maxChanges?: number;
  /** The revision of etcd that is read; absent: the present. */
  readonly at?: number | undefined;
}

/** Reads the log of a store. */
export class LogReader {
  readonly #client: EtcdClient;
  readonly #keys: StoreKeys;

  constructor(client: EtcdClient, keys: StoreKeys) {
    this.#client = client;
    this.#keys = keys;
  }

  /** Groups that hold commits from `first` on, in pages, to the end of the log. */
  async *groupsFrom(first: Revision, at?: number): AsyncGenerator<readonly ReadGroup[]> {
    let range = this.#keys.groupsFrom(first);
    for (;;) {
      const { kvs, more } = await this.#client.range({ ...range, limit: PAGE_GROUPS, revision: at });
      const groups = kvs.map(readGroup);
      const last = groups.at(-1);
      if (last === undefined) return;
      yield groups;
      if (!more) return;
      range = this.#keys.groupsFrom(last.last + 1);
    }
  }

  /** The commits of a group in their order; of each, only so many changes as are wanted. */
  async *commitsOf(
    group: ReadGroup,
    { from = 0, maxChanges, at }: LogReading = {},
  ): AsyncGenerator<LogCommit> {
    const slice = new TimeSlice();
    let commit: WrittenCommit | undefined;
    let reader = new ChangeReader();
    const most = maxChanges ?? Number.POSITIVE_INFINITY;
    for await (const commits of this.#partsOf(group, at)) {
      for (const part of commits) {
        if (part.r < from) continue;
        if (commit !== undefined && commit.r !== part.r) {
          yield toCommit(commit, reader);
          reader = new ChangeReader();
        }
        commit = part;
        for (const change of part.x) {
          if (reader.changes.length >= most && change[0] !== 'm') break;
          if (slice.isOver) await slice.next();
          reader.add(change);
        }
      }
      // The rest of the last commit is not wanted.
      if (commit?.r === group.last && reader.changes.length >= most) break;
    }
    if (commit !== undefined) yield toCommit(commit, reader);
  }

  /** All commits of a group, whole. */
  async allOf(group: ReadGroup, at?: number): Promise<LogCommit[]> {
    const commits: LogCommit[] = [];
    for await (const commit of this.commitsOf(group, { at })) commits.push(commit);
    return commits;
  }

  async *#partsOf(
    { id, written }: ReadGroup,
    at: number | undefined,
  ): AsyncGenerator<readonly WrittenCommit[]> {
    if (written.parts === 0) {
      yield written.commits;
      return;
    }
    const parts = nameOfParts(id, written.attempt);
    for (let number = 0; number < written.parts; ) {
      const range = this.#keys.partsFrom(parts, number);
      const { kvs } = await this.#client.range({ ...range, limit: PAGE_PARTS, revision: at });
      for (const { key, value } of kvs) {
        if (key !== this.#keys.part(parts, number)) break;
        number += 1;
        yield readJson<WrittenCommit[]>(key, value);
      }
      if (kvs.length === 0) throw await this.#missing(written, this.#keys.part(parts, number));
    }
  }

  /** The log was trimmed while it was read, or is damaged. */
  async #missing({ first, last }: WrittenGroup, key: string): Promise<StorageError> {
    const [kv] = (await this.#client.range({ key: this.#keys.tail })).kvs;
    const oldest = kv === undefined ? 0 : readTail(kv).oldest;
    if (oldest >= last) return compacted(first - 1, oldest, oldest);
    return new StorageError(
      'STORAGE_CORRUPT',
      `etcd does not hold ${key} any more, though the log tells of it. Restore a snapshot of etcd; nothing was overwritten.`,
    );
  }
}

function toCommit({ r, t, n, c, s }: WrittenCommit, { changes }: ChangeReader): LogCommit {
  return { revision: r, committedAt: t, note: n, count: c, size: s, changes };
}
