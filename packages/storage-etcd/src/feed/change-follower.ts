import { type Revision, StorageError } from '@gati-framework/manifest-store';
import { compacted, type Timer, timers } from '@gati-framework/manifest-store/backend';
import { type DriverListener, SharedRuns, type TroubleLog } from '@gati-framework/storage-kit';
import { retryDelay } from '../client/retry-delay.js';
import { type Head, readHead, readTail } from '../store/ends.js';
import { PAGE_GROUPS, type ReadGroup, readGroup } from '../store/read-log.js';
import { messageOf, toStorageError } from '../translate-error.js';
import type { KeyValue, Operation } from '../wire/messages.js';
import { HeadWatch } from './head-watch.js';
import { loadStore, type StoreReader } from './load-store.js';
import { ChangedRecords, type StoreMirror } from './store-mirror.js';

/** What etcd says of a store at one of its revisions. */
interface Answer {
  readonly head: KeyValue | undefined;
  readonly tail: KeyValue | undefined;
  /** The first groups after what was known when it was asked. */
  readonly groups: readonly KeyValue[];
  readonly more: boolean;
  readonly at: number;
}

/** Where the mirror was when etcd was asked. */
type Asked = Pick<Head, 'epoch' | 'revision' | 'group'>;

/**
 * `following`: the last question was answered, and the next is asked after a `pollInterval`. `interrupted`: it was not,
 * `failures` times. `stopped`: for good.
 */
type Phase =
  | { readonly name: 'following' /** By the clock of the timers. */; readonly freshUntil: number }
  | { readonly name: 'interrupted'; readonly failures: number }
  | { readonly name: 'stopped' };

/**
 * Keeps the mirror at what is committed, whoever commits. A watch on the head says when to look, and only that: what is
 * seen comes from reads that a majority of the members has confirmed, so that no event that a member fails to tell is
 * missed for longer than until the next look.
 */
export class ChangeFollower {
  readonly mirror: StoreMirror;
  /** Counts how often the store was read anew, as the log did not tell how it came about. */
  reloads = 0;
  readonly #reader: StoreReader;
  readonly #listener: DriverListener;
  readonly #pollInterval: number;
  readonly #log: TroubleLog;
  readonly #watch: HeadWatch;
  readonly #runs = new SharedRuns(() => this.#refreshOnce());
  #phase: Phase;
  #timer: Timer | undefined;

  constructor(
    reader: StoreReader,
    mirror: StoreMirror,
    listener: DriverListener,
    { pollInterval, log }: { readonly pollInterval: number; readonly log: TroubleLog },
  ) {
    this.#reader = reader;
    this.mirror = mirror;
    this.#listener = listener;
    this.#pollInterval = pollInterval;
    this.#log = log;
    this.#phase = { name: 'following', freshUntil: timers.now() };
    this.#watch = new HeadWatch(reader.client, reader.keys.head, {
      changed: (revision) => {
        if (revision > this.mirror.revision) this.#look();
      },
      begun: () => this.#look(),
      lost: (error) =>
        this.#log.warn('the watch on the store is interrupted', `: ${messageOf(error)}`, FIELDS),
    });
  }

  /** Whether the mirror holds everything, but for the last moments. */
  get isFresh(): boolean {
    return this.#phase.name === 'following' && timers.now() < this.#phase.freshUntil;
  }

  start(): void {
    this.#watch.start();
    this.#look();
  }

  stop(): void {
    this.#phase = { name: 'stopped' };
    timers.clearTimeout(this.#timer);
    this.#watch.stop();
  }

  /** Resolves when everything that was committed before the call is in the mirror, and the listener was told. */
  refresh(): Promise<void> {
    return this.#runs.run();
  }

  /** Does nothing where the listener was told of this revision, or a later one. */
  async refreshTo(revision: Revision): Promise<void> {
    if (revision > this.mirror.revision) await this.refresh();
  }

  #look(): void {
    this.refresh().catch(() => {}); // whoever waits for it hears of it, and the log was told
  }

  async #refreshOnce(): Promise<void> {
    const begun = timers.now();
    try {
      const { epoch, revision, group } = this.mirror.head;
      const answer = await this.#ask(revision);
      await this.mirror.exclusively(() => this.#take({ epoch, revision, group }, answer));
      this.#follow(begun);
    } catch (error) {
      const failure = toStorageError(error);
      this.#interrupt(failure);
      throw failure;
    }
  }

  async #ask(after: Revision): Promise<Answer> {
    const { client, keys } = this.#reader;
    const { ranges, revision: at } = await client.txn({ success: questionsAfter(after, keys) });
    const [head, tail, groups] = ranges;
    return {
      head: head?.kvs[0],
      tail: tail?.kvs[0],
      groups: groups?.kvs ?? [],
      more: groups?.more ?? false,
      at,
    };
  }

  async #take(asked: Asked, answer: Answer): Promise<void> {
    if (answer.head === undefined || answer.tail === undefined) throw gone(this.#reader.keys.head);
    const head = readHead(answer.head);
    if (isOther(asked, head)) return this.#replaced();
    this.mirror.noteTail(readTail(answer.tail), answer.tail.modRevision);
    if (head.revision > this.mirror.revision) await this.#advance(head, answer);
    this.mirror.noteHead(head, answer.head.modRevision, answer.at);
  }

  async #advance(head: Head, { groups, more, at }: Answer): Promise<void> {
    const changed = new ChangedRecords();
    try {
      let page = groups.map(readGroup);
      for (;;) {
        for (const group of page) await this.#applyGroup(group, changed, at);
        if (!more || this.mirror.revision >= head.revision || page.length === 0) break;
        const range = this.#reader.keys.groupsFrom(this.mirror.revision + 1);
        const { kvs } = await this.#reader.client.range({ ...range, limit: PAGE_GROUPS, revision: at });
        page = kvs.map(readGroup);
      }
      if (this.mirror.revision < head.revision)
        throw compacted(this.mirror.revision, head.revision, head.revision);
    } catch (error) {
      if (!isUntold(error)) throw error;
      return this.#reload(head);
    }
    this.#listener.changed(this.mirror.state, changed.all);
  }

  async #applyGroup(group: ReadGroup, changed: ChangedRecords, at: number): Promise<void> {
    if (group.last <= this.mirror.revision) return;
    await this.mirror.apply(group, this.#reader.log.commitsOf(group, { at }), changed);
  }

  /** The log does not tell how the store came from what is known to what is there. */
  async #reload(head: Head): Promise<void> {
    const known = this.mirror.head;
    const store = await loadStore(this.#reader);
    if (store === undefined) throw gone(this.#reader.keys.head);
    this.reloads += 1;
    this.mirror.replace(store);
    // A log that was trimmed past what was known is still the same; one that has it and goes on from another is not.
    if (store.tail.oldest > known.revision || known.epoch === head.epoch)
      this.#listener.changed(this.mirror.state, 'all');
    else this.#listener.replaced(this.mirror.state);
  }

  async #replaced(): Promise<void> {
    const store = await loadStore(this.#reader);
    if (store === undefined) throw gone(this.#reader.keys.head);
    this.reloads += 1;
    this.mirror.replace(store);
    const { state } = this.mirror;
    this.#log.warn('the store was restored or replaced', `; it is at revision ${state.revision} now`, FIELDS);
    this.#listener.replaced(state);
  }

  #follow(begun: number): void {
    if (this.#phase.name === 'stopped') return;
    this.#phase = { name: 'following', freshUntil: begun + 2 * this.#pollInterval };
    this.#schedule(this.#pollInterval);
  }

  #interrupt(error: StorageError): void {
    if (this.#phase.name === 'stopped') return;
    const failures = this.#phase.name === 'interrupted' ? this.#phase.failures + 1 : 1;
    this.#phase = { name: 'interrupted', failures };
    this.#log.warn(
      'the change feed is interrupted, reads go to the cluster until it is back',
      `: ${error.message}`,
      FIELDS,
    );
    this.#schedule(retryDelay(failures));
  }

  #schedule(delay: number): void {
    timers.clearTimeout(this.#timer);
    this.#timer = timers.setTimeout(() => this.#look(), delay);
    this.#timer.unref?.();
  }
}

const FIELDS = Object.freeze({ storage: 'etcd' });

function questionsAfter(revision: Revision, keys: StoreReader['keys']): readonly Operation[] {
  return [
    { op: 'range', key: keys.head },
    { op: 'range', key: keys.tail },
    { op: 'range', ...keys.groupsFrom(revision + 1), limit: PAGE_GROUPS },
  ];
}

/** Whether a store cannot have come from what was known. */
function isOther(asked: Asked, head: Head): boolean {
  if (head.epoch !== asked.epoch || head.revision < asked.revision) return true;
  return head.revision === asked.revision && head.group !== asked.group;
}

function isUntold(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'STORAGE_COMPACTED';
}

function gone(key: string): StorageError {
  return new StorageError(
    'STORAGE_REPLACED',
    `The store is not in etcd any more: ${key} was deleted. Close this storage and open a new one.`,
  );
}
