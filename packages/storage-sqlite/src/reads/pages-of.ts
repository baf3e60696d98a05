import { PAGE_BYTES, type StoredRecord } from '@gati-framework/storage-kit';
import { PAGE } from './ordered-rows.js';

/** Records in pages: none bigger than PAGE_BYTES, unless one record is. */
export function* pagesOf(records: Iterable<StoredRecord>): Generator<StoredRecord[], undefined> {
  let page: StoredRecord[] = [];
  let size = 0;
  for (const record of records) {
    const length = typeof record.text === 'string' ? record.text.length : 0;
    if (page.length > 0 && size + length > PAGE_BYTES) {
      yield page;
      page = [];
      size = 0;
    }
    page.push(record);
    size += length;
    if (page.length < PAGE && size < PAGE_BYTES) continue;
    yield page;
    page = [];
    size = 0;
  }
  if (page.length > 0) yield page;
  return undefined;
}
