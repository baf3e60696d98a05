import { type RecordKind, StorageError } from '@gati-framework/manifest-store';
import {
  type KeyTuple,
  type PreparedExpectation,
  RECORD_KINDS,
} from '@gati-framework/manifest-store/backend';
import type { EncodedChange, EncodedCommit, EncodedPut } from '@gati-framework/storage-kit';
import { float8Array, int4Array, int8Array, textArray } from '../sql/binary-arrays.js';

/** Of the texts of a group: a message to the server has less than 2^30 bytes, and keys and the like are in it, too. */
const MOST_BYTES = 1_000_000_000;

type RecordName = { readonly kind: RecordKind; readonly key: KeyTuple };

type Step =
  | { readonly commit: number; readonly expectation: PreparedExpectation; readonly change?: undefined }
  | { readonly commit: number; readonly change: EncodedChange; readonly expectation?: undefined };

/** The expectations and changes of a group of commits, in order: commits are numbered from 1. */
export class CommitSteps {
  readonly #steps: readonly Step[];
  readonly #changesAll: boolean;

  constructor(commits: readonly EncodedCommit[]) {
    this.#steps = commits.flatMap(({ expect, changes }, i): Step[] => [
      ...expect.map((expectation) => ({ commit: i + 1, expectation })),
      ...changes.map((change) => ({ commit: i + 1, change })),
    ]);
    this.#changesAll = commits.every(({ changes }) => changes.length > 0);
  }

  /** Whether all of them put, and do nothing else, and no record twice: each then takes a revision. */
  get isPlain(): boolean {
    if (!this.#changesAll) return false;
    const names = new Set<string>();
    for (const { change } of this.#steps) {
      if (change?.op !== 'put') return false;
      names.add(`${change.kind}\0${change.key.join('\0')}`);
    }
    return names.size === this.#steps.length;
  }

  /** The expectation at a step, as the database numbers steps: from 1. */
  expectationAt(number: number): { readonly commit: number; readonly expectation: PreparedExpectation } {
    return this.#steps[number - 1] as { commit: number; expectation: PreparedExpectation };
  }

  /**
   * Parameters of `commit_changes` after the first two, one array for each column.
   *
   * @throws `STORAGE_FULL` for more than PostgreSQL takes at once. Sent all the same, it would end the connection, and
   *   nobody could tell that from a lost answer.
   */
  toColumns(): Buffer[] {
    this.#assertFits();
    const steps = this.#steps;
    const ofPut = <T>(read: (put: EncodedPut) => T): (T | null)[] =>
      steps.map(({ change }) => (change?.op === 'put' ? read(change) : null));
    const ofRecord = (read: (record: RecordName) => string): (string | null)[] =>
      steps.map(({ expectation, change }) => {
        if (expectation !== undefined) return read(expectation);
        return change.op === 'clear' ? null : read(change);
      });
    return [
      int4Array(steps.map(({ commit }) => commit)),
      textArray(steps.map(({ change }) => change?.op ?? 'expect')),
      textArray(ofRecord(({ kind }) => kind)),
      textArray(ofRecord(({ key }) => key[0] as string)),
      textArray(ofRecord(({ key }) => key[1] ?? '')),
      textArray(ofPut(({ encoding }) => encoding)),
      textArray(ofPut(({ text }) => text)),
      int8Array(
        steps.map(({ expectation, change }) => {
          if (expectation !== undefined) return expectation.revision;
          return change.op === 'put' ? change.digest : null;
        }),
      ),
      textArray(ofPut((put) => lookupOf(put, 'handlerId'))),
      textArray(ofPut((put) => lookupOf(put, 'fromVersion'))),
      textArray(ofPut((put) => lookupOf(put, 'toVersion'))),
      float8Array(ofPut(({ columns }) => columns.createdAt ?? null)),
    ];
  }

  #assertFits(): void {
    const lengthOf = (measure: (text: string) => number): number =>
      this.#steps.reduce((sum, { change }) => (change?.op === 'put' ? sum + measure(change.text) : sum), 0);
    // Three bytes a code unit is the most that UTF-8 takes.
    if (lengthOf((text) => text.length) * 3 <= MOST_BYTES) return;
    const bytes = lengthOf(Buffer.byteLength);
    if (bytes > MOST_BYTES) throw tooLarge(bytes);
  }
}

function tooLarge(bytes: number): StorageError {
  return new StorageError(
    'STORAGE_FULL',
    `A commit of ${bytes} bytes is more than PostgreSQL takes in one message, which is a gigabyte. Nothing was stored; ` +
      'divide it into several.',
    { details: { bytes, limit: MOST_BYTES } },
  );
}

/** Null when records of this kind are not looked up by the field. */
function lookupOf({ kind, columns }: EncodedPut, field: string): string | null {
  return columns.lookup[RECORD_KINDS[kind].lookupFields.indexOf(field)] ?? null;
}
