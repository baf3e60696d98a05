import type { RecordKind } from '@gati-framework/manifest-store';
import {
  byKind,
  ELEMENT_WEIGHT,
  heapWeight,
  type KeyTuple,
  type PreparedChange,
  stringWeight,
} from '@gati-framework/manifest-store/backend';
import type { MaybePromise, QueryName, RecordQuery } from '../record-driver.js';
import { type Answer, type CachedRecords, Place, type Question } from './answer-place.js';
import { AnswerQueue } from './answer-queue.js';

/** What a read has found. */
export interface FoundRecords {
  readonly records: CachedRecords;
  /** Whether all of them are frozen, so that many readers may hold them. */
  readonly shareable: boolean;
  /** About how many bytes of heap the records take. */
  readonly weight: number;
}

/** What an answer and its place take beside the records and names, in bytes of heap; measured. */
const ANSWER_WEIGHT = 256;
/** What a further part of a key takes. */
const PART_WEIGHT = 256;

/** The part of the cache that knows what is absent: whoever asks for made-up names pushes out no records. */
const SHARE_OF_ABSENCES = 1 / 8;

/** So many changes are sorted out one by one in a few milliseconds. */
export const MAX_SORTED_CHANGES = 1_000;

const NOTHING: CachedRecords = Object.freeze([]);

const QUESTIONS: Readonly<Record<QueryName, Question>> = {
  byKey: 'record',
  latestManifest: 'last',
  manifestVersions: 'list',
  hookManifests: 'list',
  transformersBetween: 'list',
};

/**
 * Answers to queries, bounded by about the heap they take. It knows which answers a changed record touches; when it may be asked at all
 * is the business of the driver's freshness check.
 */
export class ReadCache {
  readonly #found: AnswerQueue;
  readonly #absent: AnswerQueue;
  readonly maxBytes: number;
  #places = byKind(() => new Place());
  /** Of transformers, by the versions between which they lead. */
  #pairs = new Place();
  #clock = 0;
  /** Names of the records that others changed while this process commits; `all` after a `clear`. */
  #changedByOthers: Set<string> | 'all' | undefined;

  /** @param maxBytes Bound for the sum of the answers' weights, in bytes of heap. */
  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
    this.#absent = new AnswerQueue(maxBytes * SHARE_OF_ABSENCES);
    this.#found = new AnswerQueue(maxBytes * (1 - SHARE_OF_ABSENCES));
  }

  /** Of all answers, in bytes of heap, about. */
  get weight(): number {
    return this.#found.weight + this.#absent.weight;
  }

  /** Moves whenever an answer may have become outdated. */
  get clock(): number {
    return this.#clock;
  }

  /** The answer to `byKey`. */
  record(kind: RecordKind, first: string, second?: string): CachedRecords | undefined {
    const place = this.#places[kind].part(first);
    return served(second === undefined ? place?.record : place?.part(second)?.record);
  }

  get(query: RecordQuery): CachedRecords | undefined {
    return served(this.#find(query)?.[QUESTIONS[query.name]]);
  }

  /** Answers with what `read` finds, and keeps it unless it changed meanwhile. */
  fill(query: RecordQuery, read: () => MaybePromise<FoundRecords>): MaybePromise<FoundRecords> {
    const place = this.#placeFor(query);
    const { changes } = place;
    place.reads += 1;
    return ending(read, (found) => {
      const isCurrent = place.changes === changes && this.#find(query) === place;
      if (isCurrent && found?.shareable) this.#install(place, QUESTIONS[query.name], found, query.params);
      place.reads -= 1;
      place.prune();
    });
  }

  /** Somebody else has changed a record. */
  invalidate(kind: RecordKind, key: KeyTuple): void {
    if (this.#changedByOthers instanceof Set) this.#changedByOthers.add(nameOf(kind, key));
    this.#drop(kind, key);
  }

  /** Somebody else has changed everything. */
  clear(): void {
    if (this.#changedByOthers !== undefined) this.#changedByOthers = 'all';
    this.#dropAll();
  }

  /**
   * Runs `commit`, which hands over what became committed, in order: the answers that it made outdated are
   * gone then, and what it put is kept, unless somebody else may have changed it since. With more than
   * {@link MAX_SORTED_CHANGES}, or when it is not told which, the cache begins anew instead, as nothing may be
   * answered until all of them are sorted out. One at a time.
   */
  async whileCommitting<T>(
    commit: (committed: (commits: readonly (readonly PreparedChange[])[] | 'all') => void) => Promise<T>,
  ): Promise<T> {
    this.#changedByOthers = new Set();
    try {
      return await commit((commits) => {
        if (commits === 'all') {
          this.#dropAll();
          return;
        }
        const count = commits.reduce((sum, changes) => sum + changes.length, 0);
        if (count > MAX_SORTED_CHANGES) this.#dropAll();
        else for (const changes of commits) for (const change of changes) this.#remember(change);
      });
    } finally {
      this.#changedByOthers = undefined;
    }
  }

  #remember(change: PreparedChange): void {
    if (change.op === 'clear') {
      this.#dropAll();
      return;
    }
    const { kind, key } = change;
    if (change.op === 'delete' || !change.frozen) {
      this.#drop(kind, key);
      return;
    }
    const place = this.#placeFor({ name: 'byKey', kind, params: key });
    place.reads += 1; // so that it need not be made again
    this.#drop(kind, key);
    if (!this.#isChangedByOthers(kind, key)) {
      this.#install(place, 'record', { records: [change.value], weight: heapWeight(change.value) }, key);
    }
    place.reads -= 1;
    place.prune();
  }

  #isChangedByOthers(kind: RecordKind, key: KeyTuple): boolean {
    const changed = this.#changedByOthers;
    return changed === 'all' || (changed !== undefined && changed.size > 0 && changed.has(nameOf(kind, key)));
  }

  /** Forgets what a change of this record may have made wrong. */
  #drop(kind: RecordKind, [first, second]: KeyTuple): void {
    this.#clock += 1;
    const all = this.#places[kind];
    const ofFirst = all.part(first);
    if (kind === 'manifest') this.#outdate(ofFirst);
    else if (kind === 'hookManifest') this.#outdate(all);
    // The log does not say between which versions a transformer led before.
    else if (kind === 'transformer') this.#pairs = new Place();
    this.#outdate(second === undefined ? ofFirst : ofFirst?.part(second));
  }

  #outdate(place: Place | undefined): void {
    if (place === undefined) return;
    place.changes += 1;
    for (const answer of [place.record, place.last, place.list]) {
      if (answer !== undefined) this.#queueOf(answer.records).remove(answer);
    }
  }

  #dropAll(): void {
    this.#clock += 1;
    this.#found.clear();
    this.#absent.clear();
    this.#places = byKind(() => new Place());
    this.#pairs = new Place();
  }

  #install(
    place: Place,
    question: Question,
    { records, weight: recordsWeight }: Pick<FoundRecords, 'records' | 'weight'>,
    parts: readonly string[],
  ): void {
    if (place[question] !== undefined) return; // what is kept is current: somebody else read the same
    const queue = this.#queueOf(records);
    const weight = weightOf(parts) + records.length * ELEMENT_WEIGHT + recordsWeight;
    if (!queue.hasRoomFor(weight)) return;
    const kept = records.length === 0 ? NOTHING : records;
    const answer = {
      place,
      question,
      records: kept,
      weight,
      isUsed: false,
      newer: undefined,
      older: undefined,
    };
    place[question] = answer;
    queue.add(answer);
  }

  #queueOf(records: CachedRecords): AnswerQueue {
    return records.length === 0 ? this.#absent : this.#found;
  }

  #find(query: RecordQuery): Place | undefined {
    let place: Place | undefined = this.#rootOf(query);
    for (const part of query.params) place = place?.part(part);
    return place;
  }

  #placeFor(query: RecordQuery): Place {
    return query.params.reduce((place, part) => place.partFor(part), this.#rootOf(query));
  }

  #rootOf({ name, kind }: RecordQuery): Place {
    return name === 'transformersBetween' ? this.#pairs : this.#places[kind];
  }
}

function served(answer: Answer | undefined): CachedRecords | undefined {
  if (answer === undefined) return undefined;
  answer.isUsed = true;
  return answer.records;
}

/** Keys cannot contain NUL, so the parts cannot run into each other. */
function nameOf(kind: RecordKind, key: KeyTuple): string {
  return `${kind}\0${key.join('\0')}`;
}

function weightOf(parts: readonly string[]): number {
  return parts.reduce((weight, part) => weight + PART_WEIGHT + stringWeight(part), ANSWER_WEIGHT);
}

/** Calls `end` with what `read` found, or with nothing when it failed. */
function ending<T>(read: () => MaybePromise<T>, end: (found?: T) => void): MaybePromise<T> {
  let found: MaybePromise<T>;
  try {
    found = read();
  } catch (error) {
    end();
    throw error;
  }
  if (!(found instanceof Promise)) {
    end(found);
    return found;
  }
  return found.then(
    (value) => {
      end(value);
      return value;
    },
    (error: unknown) => {
      end();
      throw error;
    },
  );
}
