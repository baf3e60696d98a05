import type { Entry, Storage } from '@gati-framework/manifest-store';
import { type ApiRecord, fromApiType, isApiRef } from './api-record.js';

/** What a store remembers of an API, and as of when. */
export interface StoredApi {
  readonly record: ApiRecord;
  readonly entry: Entry<'gtype'>;
}

/** The GTypes of a store, those that remember APIs apart. */
export async function loadTypes(
  storage: Pick<Storage, 'entries'>,
): Promise<{ types: Map<string, Entry<'gtype'>>; apis: StoredApi[] }> {
  const types = new Map<string, Entry<'gtype'>>();
  const apis: StoredApi[] = [];
  for await (const entry of storage.entries({ kinds: ['gtype'] })) {
    if (entry.kind !== 'gtype') continue;
    const record = isApiRef(entry.key.ref) ? fromApiType(entry.value) : undefined;
    if (record === undefined) types.set(entry.key.ref, entry);
    else apis.push({ record, entry });
  }
  return { types, apis };
}
