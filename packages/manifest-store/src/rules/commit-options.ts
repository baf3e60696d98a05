import type { CommitOptions, Revision } from '../contract/storage.js';
import { StorageError } from '../contract/storage-error.js';
import { describeType } from './input.js';
import { utf8Length } from './key-rules.js';
import { readOptions } from './options.js';
import { type PreparedExpectation, prepareExpectations } from './prepare-change.js';
import { readRevision } from './revision.js';

/** Longest note, in UTF-8 bytes. */
export const MAX_NOTE_BYTES = 1_024;

/** {@link CommitOptions} that passed every rule. */
export interface PreparedCommitOptions {
  readonly expect: readonly PreparedExpectation[];
  readonly expectRevision: Revision | undefined;
  readonly note: string | undefined;
}

/** Each option is read once. Throws `INVALID_OPTIONS`. */
export function prepareCommitOptions(options: CommitOptions): PreparedCommitOptions {
  const { expect, expectRevision, note } = readOptions(options, ['expect', 'expectRevision', 'note']);
  return {
    expect: prepareExpectations(expect),
    expectRevision: readRevision(expectRevision, 'options.expectRevision'),
    note: note === undefined ? undefined : readNote(note),
  };
}

function readNote(note: unknown): string {
  if (typeof note !== 'string') throw invalid(`must be a text, not ${describeType(note)}`);
  if (note === '') throw invalid('must not be empty; leave it out');
  if (utf8Length(note) > MAX_NOTE_BYTES) {
    throw invalid(`must be at most ${MAX_NOTE_BYTES} UTF-8 bytes, and has ${utf8Length(note)}; shorten it`);
  }
  if (note.includes('\0')) throw invalid('must not contain NUL characters');
  if (!note.isWellFormed()) throw invalid('must be well-formed Unicode, without lone surrogates');
  return note;
}

function invalid(problem: string): StorageError {
  const path = 'options.note';
  return new StorageError('INVALID_OPTIONS', `${path} ${problem}.`, { path });
}
