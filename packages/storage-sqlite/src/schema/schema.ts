import type { RecordKind } from '@gati-framework/manifest-store';
import { RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import { STEP_1 } from './step-1.js';
import { STEP_2 } from './step-2.js';
import { STEP_3 } from './step-3.js';
import { STEP_4 } from './step-4.js';
import { STEP_5 } from './step-5.js';
import { TABLES } from './tables.js';

/** `application_id` of every store: "Gati" in ASCII. Tells `file` and us whose database it is. */
export const APPLICATION_ID = 0x47617469;

/** Column of a field: `handlerId` is `handler_id`. */
export function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Column of `commits` that counts the records of a kind. That of `changes` is `commit_` and this. */
export function countColumnOf(kind: RecordKind): string {
  return columnOf(RECORD_KINDS[kind].count);
}

/**
 * The table that finds the records of a kind; the view over it has the plain
 * name. A record's value is stored once, in the row of `changes` that put it;
 * these rows point to it. So a write appends its value and touches one small
 * row. (The view's join is an outer one so that a lost value shows as damage,
 * not as absence.)
 */
export function keyTableOf(kind: RecordKind): string {
  return `${TABLES[kind]}_by_key`;
}

export function keyColumnsOf(kind: RecordKind): readonly string[] {
  return RECORD_KINDS[kind].keyFields.map(columnOf);
}

/** Columns that repeat fields of the record, so that it can be found and ordered. */
export function fieldColumnsOf(kind: RecordKind): readonly string[] {
  const { lookupFields, createdAt } = RECORD_KINDS[kind];
  return [...lookupFields.map(columnOf), ...(createdAt ? ['created_at'] : [])];
}

/**
 * Step n brings a database from version n to version n + 1. A step once
 * released is never changed, whatever becomes of the record kinds: files that
 * it made are out there. A kind that comes later gets a step of its own, with
 * its key table with an index by position, its view, its column of `changes`, and a view `commits` that shows it.
 */
export const SCHEMA_STEPS: readonly string[] = [STEP_1, STEP_2, STEP_3, STEP_4, STEP_5];
