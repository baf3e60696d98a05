import type { Revision, StorageCapabilities } from '@gati-framework/manifest-store';
import { closed } from '@gati-framework/manifest-store/backend';
import {
  type AskedState,
  type CommitAnswer,
  type CommitTerms,
  type DriverFigures,
  type DriverListener,
  type EncodedChange,
  type EncodedCommit,
  EVERY_CAPABILITY,
  inTime,
  type LoggedCommit,
  type RecordDriver,
  type RecordPast,
  type RecordQuery,
  type ScanFilter,
  type StoredRecord,
  type StoreState,
  TroubleLog,
} from '@gati-framework/storage-kit';
import { EtcdClient } from './client/etcd-client.js';
import { readOnly } from './commit/commit-errors.js';
import { Committer } from './commit/committer.js';
import { ChangeFollower } from './feed/change-follower.js';
import type { LoadedStore } from './feed/load-store.js';
import { openStore } from './feed/open-store.js';
import { StoreMirror } from './feed/store-mirror.js';
import type { ResolvedOptions } from './options/options.js';
import { EtcdPast } from './past/etcd-past.js';
import { CurrentReads } from './reads/current-reads.js';
import { readPages, selectRows } from './reads/moment.js';
import { readHistory } from './reads/read-history.js';
import { type ReadText, Texts, toStoredRecord } from './reads/texts.js';
import { StoreKeys } from './store/keys.js';
import { LogReader } from './store/read-log.js';
import { translated, translatedPages } from './translate-error.js';
import { Upkeep } from './upkeep/upkeep.js';

/** What there is while the store is open. */
interface Opened {
  readonly client: EtcdClient;
  readonly follower: ChangeFollower;
  readonly committer: Committer;
  readonly upkeep: Upkeep;
  readonly log: LogReader;
  readonly texts: Texts;
  readonly reads: CurrentReads;
}

/** How often a record is looked for whose text was forgotten while it was read. */
const MOST_LOOKS = 5;

/** The records of a store under a prefix of etcd. */
export class EtcdRecordDriver implements RecordDriver {
  readonly name = 'etcd';
  readonly location: string;
  readonly capabilities: StorageCapabilities = EVERY_CAPABILITY;
  readonly past: RecordPast = new EtcdPast(() => this.#store);
  readonly #options: ResolvedOptions;
  readonly #keys: StoreKeys;
  #opened: Opened | undefined;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.location = options.prefix;
    this.#keys = new StoreKeys(options.prefix);
  }

  open(listener: DriverListener): Promise<StoreState> {
    return translated(async () => {
      const client = new EtcdClient(this.#options);
      try {
        const store = await openStore(
          { client, keys: this.#keys, log: new LogReader(client, this.#keys) },
          this.#options,
        );
        const opened = this.#over(store, client, listener);
        this.#opened = opened;
        opened.follower.start();
        if (!this.#options.readOnly) opened.upkeep.start(store.staged);
        return opened.follower.mirror.state;
      } catch (error) {
        client.close();
        throw error;
      }
    });
  }

  close(): void {
    const { follower, upkeep, client } = this.#store;
    upkeep.stop();
    follower.stop();
    client.close();
  }

  figures(): DriverFigures {
    return this.#opened === undefined ? {} : { feed: this.#opened.follower.figures };
  }

  catchUp(): boolean {
    return this.#options.consistency === 'cached' && this.#store.follower.isFresh;
  }

  read(query: RecordQuery): Promise<readonly StoredRecord[]> {
    return translated(async () => {
      let found: readonly ReadText[] = [];
      for (let look = 0; look < MOST_LOOKS; look += 1) {
        found = await this.#store.reads.read(query);
        if (found.every(({ text }) => text !== undefined)) break;
      }
      return found.map(toStoredRecord);
    });
  }

  async commit(
    commits: readonly EncodedCommit[],
    onCommitted?: (answer: CommitAnswer) => void,
  ): Promise<CommitAnswer> {
    if (this.#options.readOnly) throw readOnly();
    const { committer, upkeep } = this.#store;
    const answer = await committer.commit(commits, onCommitted);
    upkeep.noteCommit(
      commits.reduce((sum, { changes }, i) => sum + (answer.outcomes[i]?.error ? 0 : changes.length), 0),
    );
    return answer;
  }

  async commitStream(
    batches: AsyncIterable<readonly EncodedChange[]>,
    terms: CommitTerms,
    onCommitted?: (answer: CommitAnswer) => void,
  ): Promise<CommitAnswer> {
    if (this.#options.readOnly) throw readOnly();
    const { committer, upkeep } = this.#store;
    const coming = inTime(batches, this.#options.scanIdleTimeout);
    let count = 0;
    async function* counted(): AsyncGenerator<readonly EncodedChange[]> {
      for await (const batch of coming) {
        count += batch.length;
        yield batch;
      }
    }
    const answer = await committer.commitStream(counted(), terms, onCommitted);
    upkeep.noteCommit(answer.outcomes.some(({ error }) => error !== undefined) ? 0 : count);
    return answer;
  }

  scan(filter: ScanFilter): AsyncIterable<readonly StoredRecord[]> {
    return translatedPages(() => this.#scan(filter));
  }

  async *#scan(filter: ScanFilter): AsyncGenerator<readonly StoredRecord[]> {
    const { follower, texts } = this.#store;
    await follower.refresh();
    const { mirror } = follower;
    const { rows, at } = await mirror.exclusively(async () => ({
      rows: await selectRows(mirror.index, filter),
      at: mirror.seenAt,
    }));
    yield* readPages(texts, rows, at);
  }

  history(after: Revision, limit: number): Promise<readonly LoggedCommit[]> {
    return translated(() => readHistory(this.#store, after, limit));
  }

  state(): Promise<AskedState> {
    return translated(async () => {
      const { follower } = this.#store;
      await follower.refresh();
      const { mirror } = follower;
      return mirror.exclusively(async () => ({ ...mirror.state, oldestRevision: mirror.tail.oldest }));
    });
  }

  get #store(): Opened {
    if (this.#opened === undefined) throw closed();
    return this.#opened;
  }

  #over(store: LoadedStore, client: EtcdClient, listener: DriverListener): Opened {
    const { log: logger, pollInterval, lockTimeout } = this.#options;
    const keys = this.#keys;
    const log = new LogReader(client, keys);
    const mirror = new StoreMirror(store);
    const texts = new Texts(client, keys);
    const troubles = new TroubleLog(logger);
    const follower = new ChangeFollower({ client, keys, log }, mirror, listener, {
      pollInterval,
      log: troubles,
    });
    return {
      client,
      follower,
      committer: new Committer(client, keys, follower, { lockTimeout }),
      upkeep: new Upkeep({ client, keys, log, mirror }, troubles),
      log,
      texts,
      reads: new CurrentReads(follower, texts),
    };
  }
}
