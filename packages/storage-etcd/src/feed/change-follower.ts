import { type FeedFigures, type Revision, StorageError } from '@gati-framework/manifest-store';
import { type Timer, timers } from '@gati-framework/manifest-store/backend';
import { type DriverListener, SharedRuns, type TroubleLog } from '@gati-framework/storage-kit';
import { retryDelay } from '../client/retry-delay.js';
import { nest } from '../commit/operations.js';
import { type Head, readHead, readTail } from '../store/ends.js';
import { PAGE_GROUPS, type ReadGroup, readGroup } from '../store/read-log.js';
import { messageOf, toStorageError } from '../translate-error.js';
import type { KeyValue, Operation, RangeAnswer } from '../wire/messages.js';

import { heardOf } from './heard-groups.js';
import { loadStore, type StoreReader } from './load-store.js';
import { ChangedRecords, type StoreMirror } from './store-mirror.js';
import { StoreWatch } from './store-watch.js';

/** What etcd says of a store at one of its revisions. */
interface Answer {
  readonly head: KeyValue | undefined;
  readonly tail: KeyValue | undefined;
  /** The first groups after what was known when it was asked. */
  readonly groups: readonly KeyValue[];
  readonly more: boolean;
  readonly at: number;
}

/** A question for what came after the mirror, which etcd answers within whatever transaction asks it. */
export interface Question {
  /** Where the mirror was, so that the answer can be told from one of another store. */
  readonly asked: Pick<Head, 'epoch' | 'revision' | 'group'>;
  readonly operations: readonly Operation[];
  /** By the clock of the timers. */
  readonly askedAt: number;
}

/**
 * `following`: the last question was answered, and the next is asked after a `pollInterval`. `interrupted`: it was not,
 * `failures` times. `stopped`: for good.
 */
type Phase =
  | { readonly name: 'following' /** By the clock of the timers. */; readonly freshUntil: number }
  | { readonly name: 'interrupted'; readonly failures: number }
  | { readonly name: 'stopped' };

/**
 * Keeps the mirror at what is committed, whoever commits. A watch tells of it at once, and is believed as far as each
 * group follows the one before it. What counts is what a majority of the members says when it is asked: before reads, and
 * at intervals, so that what a member fails to tell is missed until then at the longest.
 */
export class ChangeFollower {
  readonly mirror: StoreMirror;
  /** Counts how often the store was read anew, as the log did not tell how it came about. */
  reloads = 0;
  readonly #reader: StoreReader;
  readonly #listener: DriverListener;
  readonly #pollInterval: number;
  readonly #log: TroubleLog;
  readonly #watch: StoreWatch;
  readonly #runs = new SharedRuns(async () => {
    await this.#refreshWith([]);
  });
  #phase: Phase;
  /** When the last question was asked that was answered, by the clock of the timers. */
  #askedAt = timers.now();
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
    // The mirror was read a moment ago; how long, nobody has noted, so it is not fresh before the first answer.
    this.#phase = { name: 'following', freshUntil: 0 };
    this.#watch = new StoreWatch(reader.client, reader.keys.headAndLog, {
      heard: (puts) => this.#hear(puts),
      begun: () => this.#look(),
      lost: (error) =>
        this.#log.warn('the watch on the store is interrupted', `: ${messageOf(error)}`, FIELDS),
    });
  }

  /** Whether the mirror holds everything, but for the last moments. */
  get isFresh(): boolean {
    return this.#phase.name === 'following' && timers.now() < this.#phase.freshUntil;
  }

  /** How it does: everything that was committed before the last question that was answered has been told. */
  get figures(): FeedFigures {
    return { state: this.#phase.name, lag: timers.now() - this.#askedAt };
  }

  start(): void {
    this.#watch.start(); // which looks when it has begun
    this.#schedule(this.#pollInterval);
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

  /** As {@link refresh}, in one question with others. Resolves with the answers to those. */
  refreshWith(questions: readonly Operation[]): Promise<readonly RangeAnswer[]> {
    return this.#refreshWith(questions);
  }

  /** What {@link refresh} would ask now, for a transaction that asks it itself; {@link take} takes the answer. */
  question(): Question {
    const { epoch, revision, group } = this.mirror.head;
    const operations = questionsAfter(revision, this.#reader.keys);
    return { asked: { epoch, revision, group }, operations, askedAt: timers.now() };
  }

  /**
   * As {@link refresh}, of a question that was answered already.
   *
   * @param ranges The answers to its operations, before any others; resolves with those.
   * @param at The revision of etcd of the answer.
   */
  take(
    { asked, operations, askedAt }: Question,
    ranges: readonly RangeAnswer[],
    at: number,
  ): Promise<readonly RangeAnswer[]> {
    const [head, tail, groups] = ranges;
    const answer: Answer = {
      head: head?.kvs[0],
      tail: tail?.kvs[0],
      groups: groups?.kvs ?? [],
      more: groups?.more ?? false,
      at,
    };
    return this.#orInterrupted(async () => {
      await this.mirror.exclusively(() => this.#take(asked, answer));
      this.#follow(askedAt);
      return ranges.slice(operations.length);
    });
  }

  #hear(puts: readonly KeyValue[]): void {
    const { mirror } = this;
    mirror
      .exclusively(async () => {
        const changed = new ChangedRecords();
        try {
          return await heardOf(puts, mirror, this.#reader, changed);
        } finally {
          if (changed.any) this.#listener.changed(mirror.state, changed.all);
        }
      })
      .then(
        (isAll) => isAll || this.#look(),
        () => this.#look(),
      );
  }

  #look(): void {
    this.refresh().catch(() => {}); // whoever waits for it hears of it, and the log was told
  }

  async #refreshWith(others: readonly Operation[]): Promise<readonly RangeAnswer[]> {
    const question = this.question();
    const success = nest([...question.operations, ...others]);
    const { ranges, revision } = await this.#orInterrupted(() => this.#reader.client.txn({ success }));
    return this.take(question, ranges, revision);
  }

  async #orInterrupted<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const failure = toStorageError(error);
      this.#interrupt(failure);
      throw failure;
    }
  }

  async #take(asked: Question['asked'], answer: Answer): Promise<void> {
    if (answer.head === undefined || answer.tail === undefined) throw gone(this.#reader.keys.head);
    const head = readHead(answer.head);
    if (isOther(asked, head)) return this.#replaced();
    await this.mirror.noteTail(readTail(answer.tail), answer.tail.modRevision);
    if (head.revision > this.mirror.revision) await this.#advance(head, answer);
    this.mirror.noteHead(head, answer.head.modRevision, answer.at);
  }

  async #advance(head: Head, answer: Answer): Promise<void> {
    const changed = new ChangedRecords();
    try {
      await this.#applyAll(head, answer, changed);
    } finally {
      // Also where not all could be read: what is in the mirror must be known.
      if (changed.any) this.#listener.changed(this.mirror.state, changed.all);
    }
  }

  async #applyAll(head: Head, { groups, more, at }: Answer, changed: ChangedRecords): Promise<void> {
    let page = groups.map(readGroup);
    for (;;) {
      for (const group of page) {
        const relation = this.mirror.relationTo(group);
        if (relation === 'other') return this.#replaced();
        // The log was trimmed past what is known: nobody can say what has changed since.
        if (relation === 'later') return this.#reload();
        if (relation === 'next') await this.#apply(group, changed, at);
      }
      if (this.mirror.revision >= head.revision) return;
      if (!more || page.length === 0) return this.#reload();
      const range = this.#reader.keys.groupsFrom(this.mirror.revision + 1);
      const { kvs } = await this.#reader.client.range({ ...range, limit: PAGE_GROUPS, revision: at });
      page = kvs.map(readGroup);
    }
  }

  async #apply(group: ReadGroup, changed: ChangedRecords, at: number): Promise<void> {
    await this.mirror.apply(group, await this.#reader.log.allOf(group, at), changed);
  }

  async #reload(): Promise<void> {
    await this.#load();
    this.#listener.changed(this.mirror.state, 'all');
  }

  async #replaced(): Promise<void> {
    await this.#load();
    const { state } = this.mirror;
    this.#log.warn('the store was restored or replaced', `; it is at revision ${state.revision} now`, FIELDS);
    this.#listener.replaced(state);
  }

  async #load(): Promise<void> {
    const store = await loadStore(this.#reader);
    if (store === undefined) throw gone(this.#reader.keys.head);
    this.reloads += 1;
    this.mirror.replace(store);
  }

  #follow(begun: number): void {
    if (this.#phase.name === 'stopped') return;
    this.#askedAt = begun;
    this.#phase = { name: 'following', freshUntil: begun + 2 * this.#pollInterval };
    this.#schedule(this.#pollInterval);
  }

  #interrupt(error: StorageError): void {
    if (this.#phase.name === 'stopped') return;
    const failures = this.#phase.name === 'interrupted' ? this.#phase.failures + 1 : 1;
    this.#phase = { name: 'interrupted', failures };
    this.#listener.failed?.(error);
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
function isOther(asked: Question['asked'], head: Head): boolean {
  if (head.epoch !== asked.epoch || head.revision < asked.revision) return true;
  return head.revision === asked.revision && head.group !== asked.group;
}

function gone(key: string): StorageError {
  return new StorageError(
    'STORAGE_REPLACED',
    `The store is not in etcd any more: ${key} was deleted. Close this storage and open a new one.`,
  );
}
