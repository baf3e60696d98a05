import type { RecordKind } from '@gati-framework/manifest-store';
import { RECORD_KIND_NAMES, RECORD_KINDS } from '@gati-framework/manifest-store/backend';

/** `application_id` of every store: "Gati" in ASCII. Tells `file` and us whose database it is. */
export const APPLICATION_ID = 0x47617469;

/** Column of a field: `handlerId` is `handler_id`. */
export function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Column of `commits` that counts the records of a kind. */
export function countColumnOf(kind: RecordKind): string {
  return columnOf(RECORD_KINDS[kind].count);
}

/** The table that finds the records of a kind; the view over it has the plain name. */
export function keyTableOf(kind: RecordKind): string {
  return `${RECORD_KINDS[kind].table}_by_key`;
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
 * A record's value is stored once, in the row of `changes` that put it; these
 * rows point to it. So a write appends its value and touches one small row.
 * (The join is an outer one so that a lost value shows as damage, not as absence.)
 */
function createKeyTable(kind: RecordKind): string {
  const { createdAt, lookupFields, table } = RECORD_KINDS[kind];
  const keys = keyColumnsOf(kind);
  const columns = [
    ...keys.map((column) => `${column} TEXT NOT NULL`),
    ...lookupFields.map((field) => `${columnOf(field)} TEXT NOT NULL`),
    // A JavaScript number, not always an integer.
    ...(createdAt ? ['created_at REAL NOT NULL'] : []),
    'position INTEGER NOT NULL',
    'revision INTEGER NOT NULL',
    'change_id INTEGER NOT NULL',
    `PRIMARY KEY (${keys.join(', ')})`,
  ];
  const seen = [...keys, ...fieldColumnsOf(kind), 'position', 'revision'].map(
    (column) => `${keyTableOf(kind)}.${column}`,
  );
  return `
CREATE TABLE ${keyTableOf(kind)} (
  ${columns.join(',\n  ')}
) STRICT, WITHOUT ROWID;
CREATE VIEW ${table} AS
  SELECT ${seen.join(', ')}, encoding, value, digest
  FROM ${keyTableOf(kind)} LEFT JOIN changes ON changes.id = change_id;`;
}

/** Version 1 of the schema. A step once released is never changed: later versions append to it. */
const createTables = `
CREATE TABLE commits (
  revision INTEGER PRIMARY KEY,
  committed_at REAL NOT NULL,
  first_change INTEGER NOT NULL,
  change_count INTEGER NOT NULL,
  next_position INTEGER NOT NULL,
  ${RECORD_KIND_NAMES.map((kind) => `${countColumnOf(kind)} INTEGER NOT NULL`).join(',\n  ')}
) STRICT;

CREATE TABLE changes (
  id INTEGER PRIMARY KEY,
  operation TEXT NOT NULL CHECK (operation IN ('put', 'delete', 'clear')),
  kind TEXT,
  key TEXT,
  encoding TEXT,
  value TEXT,
  digest INTEGER,
  replaces INTEGER
) STRICT;
${RECORD_KIND_NAMES.map(createKeyTable).join('\n')}

CREATE INDEX transformers_by_versions ON transformers_by_key (handler_id, from_version, to_version);
`;

/** Step n brings a database from version n to version n + 1. */
export const MIGRATIONS: readonly string[] = [createTables];
