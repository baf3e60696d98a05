import type { ElementType } from './binary-arrays.js';

/** What a step of a group is to `commit_changes` and to the statements of puts: their parameters from the fourth on. */
export const STEP_COLUMNS: readonly (readonly [name: string, type: ElementType])[] = [
  ['number', 'integer'], // of its commit
  ['operation', 'text'], // expect, put, delete or clear; note, before the changes; resume, as the first
  ['kind', 'text'], // none where the revision of the store is expected
  ['key1', 'text'],
  ['key2', 'text'], // empty for kinds with one key field
  ['encoding', 'text'],
  ['value', 'text'], // or the note
  ['digest', 'bigint'], // of the value, or the revision that is expected
  ['handler_id', 'text'], // this and the next two where records are looked up by them
  ['from_version', 'text'],
  ['to_version', 'text'],
  ['created_at', 'double precision'],
];
