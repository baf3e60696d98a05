/** Frozen records, in the order of the query that found them; empty when it found none. */
export type CachedRecords = readonly object[];

/** What was asked at a place: for the record of that key, for the last of its records, or for all of them. */
export type Question = 'record' | 'last' | 'list';

/** An answer that is kept, as a member of an {@link AnswerQueue}. */
export interface Answer {
  readonly place: Place;
  readonly question: Question;
  readonly records: CachedRecords;
  /** About how many bytes of heap it takes. */
  readonly weight: number;
  /** Whether it was served since the queue last looked. */
  isUsed: boolean;
  newer: Answer | undefined;
  older: Answer | undefined;
}

/** Where the answers about a key are kept, or about all keys that begin like it: a tree by the parts of keys. */
export class Place {
  record: Answer | undefined;
  last: Answer | undefined;
  list: Answer | undefined;
  /** Counts changes of what is asked for here. */
  changes = 0;
  /** Reads under way whose answers are to be kept here; the place stays meanwhile. */
  reads = 0;
  readonly #parent: Place | undefined;
  readonly #name: string;
  #parts: Map<string, Place> | undefined;

  constructor(parent?: Place, name = '') {
    this.#parent = parent;
    this.#name = name;
  }

  /** The place of the keys that go on with `name`, if there is one. */
  part(name: string): Place | undefined {
    return this.#parts?.get(name);
  }

  /** As {@link part}; makes it where there is none. */
  partFor(name: string): Place {
    this.#parts ??= new Map();
    let part = this.#parts.get(name);
    if (part === undefined) {
      part = new Place(this, name);
      this.#parts.set(name, part);
    }
    return part;
  }

  /** Removes this place, and those above it, as far as nothing is kept there. */
  prune(): void {
    if (this.#parent === undefined || this.reads > 0 || this.#parts !== undefined) return;
    if (this.record !== undefined || this.last !== undefined || this.list !== undefined) return;
    this.#parent.#remove(this.#name, this);
  }

  #remove(name: string, part: Place): void {
    if (this.#parts?.get(name) !== part) return;
    this.#parts.delete(name);
    if (this.#parts.size > 0) return;
    this.#parts = undefined;
    this.prune();
  }
}
