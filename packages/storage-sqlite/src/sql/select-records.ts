import type { RecordKind } from '@gati-framework/manifest-store';
import { keyColumnsOf, keyTableOf } from '../schema/schema.js';

/**
 * SQL that yields a `RecordRow` for each record of a kind that is asked for, in the order that is asked for.
 *
 * The keys are chosen and sorted first, by a limit that may be none (-1), and
 * only then the values are read: a plain join would read the values of all, and
 * sorting them would take as much memory as they do, before the first is there.
 *
 * @param where A condition on the key table, or nothing.
 * @param before Columns of the key table that come before those of a `RecordRow`.
 */
export function selectRecords(
  kind: RecordKind,
  where: string,
  orderBy: string,
  limit: number | '?' = -1,
  before: readonly string[] = [],
): string {
  const keys = keyColumnsOf(kind);
  return `
    SELECT ${before.map((column) => `found.${column}, `).join('')}found.revision, encoding, value, digest, ${keys.map((column) => `found.${column}`).join(', ')}
    FROM (
      SELECT ${[...before, ...keys].join(', ')}, revision, change_id FROM ${keyTableOf(kind)} ${where}
      ORDER BY ${orderBy} LIMIT ${limit}
    ) AS found
    LEFT JOIN changes ON changes.id = change_id`;
}
