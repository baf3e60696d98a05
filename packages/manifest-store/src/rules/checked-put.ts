import type { PutChange, RecordKind, RecordTypes } from '../contract/storage.js';
import { jsonText } from '../platform/json-text.js';
import type { PreparedPut } from './prepare-change.js';
import { DEFAULT_MAX_RECORD_BYTES } from './snapshot.js';

/** Most bytes of a code unit in UTF-8. */
const MAX_BYTES_OF_UNIT = 3;

/**
 * A put that has passed the rules of what may be stored, and that nobody can change any more: a commit takes it as it is, with
 * the text that whoever looked at it before has made.
 */
export class CheckedPut<K extends RecordKind = RecordKind> {
  readonly put: K;
  readonly value: RecordTypes[K];
  readonly #prepared: PreparedPut<K>;
  #text: string | undefined;

  /** @param prepared Plain JSON, and frozen: what cannot be frozen could still be changed. */
  constructor(prepared: PreparedPut<K>) {
    this.put = prepared.kind;
    this.value = prepared.value;
    this.#prepared = prepared;
    Object.freeze(this);
  }

  /** The JSON text of a change that is one; `undefined` of every other. */
  static textOf(change: object): string | undefined {
    return #prepared in change ? change.#textOnce() : undefined;
  }

  /** What was prepared of a change that is one and keeps to the limit; `undefined` of every other. */
  static preparedOf(change: object, maxBytes: number = DEFAULT_MAX_RECORD_BYTES): PreparedPut | undefined {
    if (!(#prepared in change)) return undefined;
    const text = change.#textOnce();
    // Of what may be too large its preparation says so, and where it stands.
    return text.length * MAX_BYTES_OF_UNIT > maxBytes ? undefined : { ...change.#prepared, text };
  }

  #textOnce(): string {
    this.#text ??= jsonText(this.value);
    return this.#text;
  }
}

/** The change that a prepared put is made of, which need not be prepared again where nobody can change it. */
export function checkedPut(prepared: PreparedPut): PutChange {
  const { kind: put, value, json, frozen } = prepared;
  return (json && frozen ? new CheckedPut(prepared) : { put, value }) as PutChange;
}
