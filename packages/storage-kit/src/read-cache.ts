import type { RecordKind } from '@gati-framework/manifest-store';
import type { KeyTuple } from '@gati-framework/manifest-store/backend';
import { LRUCache } from 'lru-cache';
import type { RecordQuery } from './record-driver.js';

/** Frozen records, in the order of the query that found them; empty when it found none. */
export type CachedRecords = readonly object[];

/** Permission to install what a read finds, withdrawn when something changes meanwhile. */
export interface Refill {
  readonly name: string;
  valid: boolean;
}

/**
 * Answers to queries, bounded by the size of the texts they were decoded from.
 * It knows which answers a changed record touches; when it may be asked at all
 * is the business of the driver's freshness check.
 */
export class ReadCache {
  readonly #entries: LRUCache<string, CachedRecords>;
  readonly #refills = new Map<string, Set<Refill>>();
  /** Part of the name of every answer to `transformersBetween`: the log does not say which pair a transformer left. */
  #transformerGeneration = 0;

  /** @param maxBytes Bound for the sum of the answers' sizes, in UTF-16 code units of encoded text. */
  constructor(maxBytes: number) {
    this.#entries = new LRUCache({ maxSize: maxBytes });
  }

  nameOf({ name, kind, params }: RecordQuery): string {
    if (name === 'byKey') return keyName(kind, params);
    if (name === 'transformersBetween')
      return `between\0${this.#transformerGeneration}\0${params.join('\0')}`;
    return params.length === 0 ? name : `${name}\0${params[0]}`;
  }

  get(name: string): CachedRecords | undefined {
    return this.#entries.get(name);
  }

  startRefill(name: string): Refill {
    const refill = { name, valid: true };
    const others = this.#refills.get(name);
    if (others === undefined) this.#refills.set(name, new Set([refill]));
    else others.add(refill);
    return refill;
  }

  /** Installs what a read found, unless it may be outdated; `records` absent: the read failed or must not be kept. */
  finishRefill(refill: Refill, records?: CachedRecords, size = 0): void {
    const others = this.#refills.get(refill.name);
    if (others?.delete(refill) && others.size === 0) this.#refills.delete(refill.name);
    if (refill.valid && records !== undefined) this.#install(refill.name, records, size);
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
  install(kind: RecordKind, key: KeyTuple, record: object, size: number): void {
    this.#install(keyName(kind, key), [record], size);
  }

  clear(): void {
    this.#entries.clear();
    this.#transformerGeneration += 1;
    for (const refills of this.#refills.values()) for (const refill of refills) refill.valid = false;
  }

  #install(name: string, records: CachedRecords, size: number): void {
    this.#entries.set(name, records, { size: size + name.length + 1 });
  }

  #drop(name: string): void {
    this.#entries.delete(name);
    const refills = this.#refills.get(name);
    if (refills !== undefined) for (const refill of refills) refill.valid = false;
  }
}

/** Name of the answer to `byKey`. Keys cannot contain NUL, so the parts cannot run into each other. */
export function keyName(kind: RecordKind, key: KeyTuple): string {
  return key.length === 1 ? `${kind}\0${key[0]}` : `${kind}\0${key[0]}\0${key[1]}`;
}
