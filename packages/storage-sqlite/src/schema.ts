import type { RecordKind } from '@gati-framework/manifest-store';
import { RECORD_KIND_NAMES, RECORD_KINDS } from '@gati-framework/manifest-store/backend';

/** `application_id` of every store: "Gati" in ASCII. Tells `file` and us whose database it is. */
export const APPLICATION_ID = 0x47617469;

/** Column of a field: `handlerId` is `handler_id`. */
export function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Column of the `store` table that counts the records of a kind. */
export function countColumnOf(kind: RecordKind): string {
  return columnOf(RECORD_KINDS[kind].count);
}

export function keyColumnsOf(kind: RecordKind): readonly string[] {
  return RECORD_KINDS[kind].keyFields.map(columnOf);
}

/** Columns that repeat fields of the record, so that it can be found, ordered and queried. */
export function fieldColumnsOf(kind: RecordKind): readonly string[] {
  const { lookupFields, createdAt } = RECORD_KINDS[kind];
  return [...lookupFields.map(columnOf), ...(createdAt ? ['created_at'] : [])];
}

function createRecordTable(kind: RecordKind): string {
  const { table, createdAt, lookupFields } = RECORD_KINDS[kind];
  const keys = keyColumnsOf(kind);
  return `
CREATE TABLE ${table} (
  position INTEGER PRIMARY KEY,
${keys.map((column) => `  ${column} TEXT NOT NULL,`).join('\n')}
${lookupFields.map((field) => `  ${columnOf(field)} TEXT NOT NULL,\n`).join('')}${
  // A JavaScript number, not always an integer.
  createdAt ? '  created_at REAL NOT NULL,\n' : ''
}  revision INTEGER NOT NULL,
  encoding TEXT NOT NULL,
  value TEXT NOT NULL,
  digest INTEGER NOT NULL,
  UNIQUE (${keys.join(', ')})
) STRICT;`;
}

/** Version 1 of the schema. A step once released is never changed: later versions append to it. */
const createTables = `
CREATE TABLE store (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  revision INTEGER NOT NULL,
  oldest_revision INTEGER NOT NULL,
  next_position INTEGER NOT NULL,
  next_change INTEGER NOT NULL,
${RECORD_KIND_NAMES.map((kind) => `  ${countColumnOf(kind)} INTEGER NOT NULL`).join(',\n')}
) STRICT;
INSERT INTO store VALUES (1, 0, 0, 1, 1, ${RECORD_KIND_NAMES.map(() => 0).join(', ')});

CREATE TABLE commits (
  revision INTEGER PRIMARY KEY,
  committed_at REAL NOT NULL,
  first_change INTEGER NOT NULL,
  change_count INTEGER NOT NULL
) STRICT;

CREATE TABLE changes (
  id INTEGER PRIMARY KEY,
  operation TEXT NOT NULL CHECK (operation IN ('put', 'delete', 'clear')),
  kind TEXT,
  key TEXT,
  encoding TEXT,
  value TEXT,
  digest INTEGER
) STRICT;
${RECORD_KIND_NAMES.map(createRecordTable).join('\n')}

CREATE INDEX manifests_by_creation ON manifests (handler_id, created_at);
CREATE INDEX transformers_by_versions ON transformers (handler_id, from_version, to_version);
`;

/** Step n brings a database from version n to version n + 1. */
export const MIGRATIONS: readonly string[] = [createTables];
