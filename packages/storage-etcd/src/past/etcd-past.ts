import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { compacted, type KeyTuple, notKept } from '@gati-framework/manifest-store/backend';
import type {
  LoggedKey,
  LoggedSummary,
  LogRange,
  RecordPast,
  ScanFilter,
  StoredRecord,
} from '@gati-framework/storage-kit';
import type { ChangeFollower } from '../feed/change-follower.js';
import { readPages, selectRows } from '../reads/moment.js';
import { type Texts, toStoredRecord } from '../reads/texts.js';
import type { LogChange, LogCommit } from '../store/log.js';
import type { LogReader } from '../store/read-log.js';
import { translated, translatedPages } from '../translate-error.js';
import { PastRows, rowBefore } from './past-rows.js';

/** Most commits of a page of the log. */
const PAGE_COMMITS = 64;
/** Most changes of a page of the log, but for those of its last commit. */
const PAGE_CHANGES = 20_000;

export interface PastSources {
  readonly follower: ChangeFollower;
  readonly log: LogReader;
  readonly texts: Texts;
}

/** The store as it was, as far as its log tells. */
export class EtcdPast implements RecordPast {
  readonly #sources: () => PastSources;

  /** @param sources There when the storage is open. */
  constructor(sources: () => PastSources) {
    this.#sources = sources;
  }

  read(kind: RecordKind, key: KeyTuple, at: Revision): Promise<StoredRecord | undefined> {
    return translated(() => this.#read(kind, key, at));
  }

  scan(filter: ScanFilter, at: Revision): AsyncIterable<readonly StoredRecord[]> {
    return translatedPages(() => this.#scan(filter, at));
  }

  log(range: LogRange): Promise<readonly LoggedSummary[]> {
    return translated(() => this.#log(range));
  }

  async #read(kind: RecordKind, key: KeyTuple, at: Revision): Promise<StoredRecord | undefined> {
    const { follower, log, texts } = this.#sources();
    await this.#assertKept(at);
    const { mirror } = follower;
    const now = await mirror.exclusively(async () => mirror.index.get(kind, key));
    if (now !== undefined && now.revision <= at) return toStoredRecord(await this.#textOf(now));
    const row = (await rowBefore(log, kind, key, at)) ?? undefined;
    const [read] = row === undefined ? [] : await texts.read([row]);
    // What was read is of that moment only if the log told of it until now.
    await this.#assertKept(at);
    return read && toStoredRecord(read);
  }

  async #textOf(
    row: Parameters<Texts['read']>[0][number],
  ): Promise<{ row: typeof row; text: string | undefined }> {
    const { follower, texts } = this.#sources();
    const [read = { row, text: undefined }] = await texts.read([row], follower.mirror.seenAt);
    return read;
  }

  async *#scan(filter: ScanFilter, at: Revision): AsyncGenerator<readonly StoredRecord[]> {
    const { follower, log, texts } = this.#sources();
    await this.#assertKept(at);
    const { mirror } = follower;
    const { rows, revision, seenAt } = await mirror.exclusively(async () => ({
      rows: await selectRows(mirror.index, filter),
      revision: mirror.revision,
      seenAt: mirror.seenAt,
    }));
    const past = new PastRows();
    for await (const { changes } of this.#commits(log, at + 1, revision)) await past.takeBack(changes);
    await this.#assertKept(at);
    yield* readPages(texts, await past.list(filter, rows), seenAt);
  }

  async *#commits(
    log: LogReader,
    from: Revision,
    last: Revision,
    maxChanges?: number,
  ): AsyncGenerator<LogCommit> {
    if (from > last) return;
    for await (const groups of log.groupsFrom(from)) {
      for (const group of groups) {
        const reading = maxChanges === undefined ? { from } : { from, maxChanges };
        for await (const commit of log.commitsOf(group, reading)) {
          if (commit.revision > last) return;
          yield commit;
        }
      }
    }
  }

  /** Throws `STORAGE_COMPACTED` unless the log tells of everything after this revision. */
  async #assertKept(at: Revision): Promise<void> {
    const { follower } = this.#sources();
    await follower.refresh();
    const { tail, revision } = follower.mirror;
    if (at < tail.oldest || at > revision) throw notKept(at, tail.oldest, revision);
  }

  async #log({ after, before, reverse, limit, maxChanges }: LogRange): Promise<readonly LoggedSummary[]> {
    const { follower } = this.#sources();
    await follower.refresh();
    const { tail, revision } = follower.mirror;
    if (after !== undefined && (after < tail.oldest || after > revision))
      throw compacted(after, tail.oldest, revision);
    const first = Math.max(after ?? 0, tail.oldest) + 1;
    const last = Math.min((before ?? revision + 1) - 1, revision);
    const count = Math.min(limit, PAGE_COMMITS);
    if (reverse) return this.#page(Math.max(first, last - count + 1), last, count, maxChanges).then(turned);
    const page = await this.#page(first, last, count, maxChanges);
    // It was trimmed meanwhile: what is after the revision is no longer all there.
    if (after !== undefined && first <= last && page[0]?.revision !== first)
      throw compacted(after, (page[0]?.revision ?? last + 1) - 1, revision);
    return page;
  }

  /** @param isWhole Those that come last count: none may be left out at the end. */
  async #page(first: Revision, last: Revision, count: number, maxChanges: number): Promise<LoggedSummary[]> {
    const { log } = this.#sources();
    const page: LoggedSummary[] = [];
    let listed = 0;
    for await (const commit of this.#commits(log, first, last, maxChanges)) {
      const { revision, committedAt, note, count: changeCount, changes } = commit;
      page.push({ revision, committedAt, note, changeCount, changes: changes.map(toLoggedKey) });
      listed += changes.length;
      if (page.length >= count || listed >= PAGE_CHANGES) break;
    }
    return page;
  }
}

function turned(page: LoggedSummary[]): LoggedSummary[] {
  return page.reverse();
}

function toLoggedKey(change: LogChange): LoggedKey {
  if (change.op === 'clear') return { op: 'clear' };
  const { kind, key } = change.op === 'put' ? change.row : change;
  return { op: change.op, kind, key };
}
