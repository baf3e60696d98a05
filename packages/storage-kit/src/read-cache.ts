import type { RecordKind } from '@gati-framework/manifest-store';
import { ELEMENT_WEIGHT, type KeyTuple, stringWeight } from '@gati-framework/manifest-store/backend';
import { GenerationalCache } from './generational-cache.js';
import type { RecordQuery } from './record-driver.js';

/** Frozen records, in the order of the query that found them; empty when it found none. */
export type CachedRecords = readonly object[];

/** What an answer takes beside its records and its name, in bytes of heap; measured. */
const ANSWER_WEIGHT = 256;

/** The part of the cache that knows what is absent: whoever asks for made-up names pushes out no records. */
const SHARE_OF_ABSENCES = 1 / 8;

const NOTHING: CachedRecords = Object.freeze([]);

/**
 * Answers to queries, bounded by about the heap they take. It knows which answers a changed record touches; when it may be asked at all
 * is the business of the driver's freshness check.
 */
export class ReadCache {
  readonly #found: GenerationalCache<CachedRecords>;
  readonly #absent: GenerationalCache<CachedRecords>;
  /** While reads are under way: the answers that changed, and when. */
  readonly #changed = new Map<string, number>();
  #readsUnderWay = 0;
  /** Counts changes. */
  #clock = 0;
  #clearedAt = 0;
  /** Part of the name of every answer to `transformersBetween`: the log does not say which pair a transformer left. */
  #transformerGeneration = 0;

  /** @param maxBytes Bound for the sum of the answers' weights, in bytes of heap. */
  constructor(maxBytes: number) {
    this.#absent = new GenerationalCache(maxBytes * SHARE_OF_ABSENCES);
    this.#found = new GenerationalCache(maxBytes * (1 - SHARE_OF_ABSENCES));
  }

  nameOf({ name, kind, params }: RecordQuery): string {
    if (name === 'byKey') return keyName(kind, params);
    if (name === 'transformersBetween')
      return `between\0${this.#transformerGeneration}\0${params.join('\0')}`;
    return params.length === 0 ? name : `${name}\0${params[0]}`;
  }

  get(name: string): CachedRecords | undefined {
    return this.#found.get(name) ?? this.#absent.get(name);
  }

  /** Moves whenever an answer may have become outdated. */
  get clock(): number {
    return this.#clock;
  }

  /** A read begins whose answer is to be installed; returns what {@link endRead} wants back. */
  beginRead(): number {
    this.#readsUnderWay += 1;
    return this.#clock;
  }

  /** Whether nothing has made this answer outdated since a read began. */
  isUnchanged(begun: number, name: string): boolean {
    return this.#clearedAt <= begun && (this.#changed.get(name) ?? 0) <= begun;
  }

  /** The read has ended. */
  endRead(begun: number): void;
  /** The read has found this; it is installed unless it changed meanwhile. */
  endRead(begun: number, name: string, records: CachedRecords, weight: number): void;
  endRead(begun: number, name?: string, records?: CachedRecords, weight = 0): void {
    const isCurrent = name !== undefined && this.isUnchanged(begun, name);
    this.#readsUnderWay -= 1;
    if (this.#readsUnderWay === 0 && this.#changed.size > 0) this.#changed.clear();
    if (isCurrent && records !== undefined) this.#install(name, records, weight);
  }

  /** Forgets what a change of this record may have made wrong. */
  invalidate(kind: RecordKind, key: KeyTuple): void {
    this.#drop(keyName(kind, key));
    if (kind === 'manifest') {
      this.#drop(`latestManifest\0${key[0]}`);
      this.#drop(`manifestVersions\0${key[0]}`);
    } else if (kind === 'hookManifest') {
      this.#drop('hookManifests');
    } else if (kind === 'transformer') {
      this.#transformerGeneration += 1;
    }
  }

  /** Takes over a record that this process just committed. */
  install(kind: RecordKind, key: KeyTuple, record: object, weight: number): void {
    this.#install(keyName(kind, key), [record], weight);
  }

  clear(): void {
    this.#found.clear();
    this.#absent.clear();
    this.#transformerGeneration += 1;
    this.#clock += 1;
    this.#clearedAt = this.#clock;
  }

  #install(name: string, records: CachedRecords, weight: number): void {
    const answerWeight = ANSWER_WEIGHT + stringWeight(name);
    if (records.length === 0) this.#absent.set(name, NOTHING, answerWeight);
    else this.#found.set(name, records, answerWeight + records.length * ELEMENT_WEIGHT + weight);
  }

  #drop(name: string): void {
    this.#found.delete(name);
    this.#absent.delete(name);
    this.#clock += 1;
    if (this.#readsUnderWay > 0) this.#changed.set(name, this.#clock);
  }
}

/** Name of the answer to `byKey`. Keys cannot contain NUL, so the parts cannot run into each other. */
export function keyName(kind: RecordKind, key: KeyTuple): string {
  return key.length === 1 ? `${kind}\0${key[0]}` : `${kind}\0${key[0]}\0${key[1]}`;
}
