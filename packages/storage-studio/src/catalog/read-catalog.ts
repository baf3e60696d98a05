import type { Revision, Storage } from '@gati-framework/manifest-store';
import { TimeSlice } from '@gati-framework/manifest-store/backend';
import { Catalog } from './catalog.js';

export interface ReadCatalogOptions {
  /** Bytes that it may take, as they are estimated. */
  readonly limit: number;
  readonly signal: AbortSignal;
  /** Default: as the store is now. */
  readonly at?: Revision;
  /** Called after each record with how many were read. */
  readonly onProgress?: (records: number) => void;
}

/**
 * A catalog of all records. What is read as the store is now may hold some of what is committed meanwhile; brought to the
 * revision of afterwards by the commits since, it is right. Records that cannot be read are left out.
 */
export async function readCatalog(
  storage: Pick<Storage, 'entries'>,
  { limit, signal, at, onProgress }: ReadCatalogOptions,
): Promise<Catalog> {
  const catalog = new Catalog(limit);
  const slice = new TimeSlice();
  let records = 0;
  for await (const entry of storage.entries({ onUnreadable: () => {}, ...(at !== undefined && { at }) })) {
    if (slice.isOver) await slice.next();
    signal.throwIfAborted();
    catalog.put(entry);
    records += 1;
    onProgress?.(records);
  }
  return catalog;
}
