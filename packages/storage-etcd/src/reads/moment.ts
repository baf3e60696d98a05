import { belongsToHandler, TimeSlice } from '@gati-framework/manifest-store/backend';
import type { RecordQuery, ScanFilter, StoredRecord } from '@gati-framework/storage-kit';
import { PAGE_BYTES } from '@gati-framework/storage-kit';
import type { RecordIndex } from '../store/record-index.js';
import { isOfHandler, type Row } from '../store/row.js';
import { type Texts, toStoredRecord } from './texts.js';

/** Most records of a page, and of the first one, which is waited for. */
const PAGE = 500;
const FIRST_PAGE = 50;

/** The rows that a query finds. */
export function findRows(index: RecordIndex, { name, kind, params }: RecordQuery): readonly Row[] {
  const [first = ''] = params;
  switch (name) {
    case 'byKey': {
      const row = index.get(kind, params);
      return row === undefined ? [] : [row];
    }
    case 'latestManifest': {
      const row = index.latest(first);
      return row === undefined ? [] : [row];
    }
    case 'manifestVersions':
      return index.versions(first);
    case 'hookManifests':
      return [...index.rows(kind)];
    default:
      return index.between(params);
  }
}

/** The rows that a filter selects: by kind, within a kind in first-stored order. In slices of time: the index must not change meanwhile. */
export async function selectRows(index: RecordIndex, filter: ScanFilter): Promise<Row[]> {
  const slice = new TimeSlice();
  const rows: Row[] = [];
  for (const kind of filter.kinds) {
    for (const row of index.rows(kind)) {
      if (slice.isOver) await slice.next();
      if (isSelected(row, filter)) rows.push(row);
    }
  }
  return rows;
}

export function isSelected(row: Row, { kinds, handlerId }: ScanFilter): boolean {
  if (!kinds.includes(row.kind)) return false;
  return handlerId === undefined || (belongsToHandler(row.kind) && isOfHandler(row, handlerId));
}

/**
 * Pages of the records of these rows.
 *
 * @param at The revision of etcd at which they were found. Throws a GrpcError where a text was forgotten since, and etcd
 *   has compacted that revision.
 */
export async function* readPages(
  texts: Texts,
  rows: readonly Row[],
  at: number,
): AsyncGenerator<readonly StoredRecord[]> {
  let limit = FIRST_PAGE;
  for (let start = 0; start < rows.length; limit = PAGE) {
    let size = 0;
    let end = start;
    while (end < rows.length && end - start < limit) {
      size += rows[end]?.size ?? 0;
      if (end > start && size > PAGE_BYTES) break;
      end += 1;
    }
    yield (await texts.read(rows.slice(start, end), at)).map(toStoredRecord);
    start = end;
  }
}
