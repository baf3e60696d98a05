import type { Entry, EntryFilter, Storage } from '@gati-framework/manifest-store';
import { within } from '../assertions/deadline.js';

/** Every entry that a filter selects. */
export async function allEntries(storage: Storage, filter?: EntryFilter): Promise<Entry[]> {
  return remaining(storage.entries(filter));
}

/** The next entry; `undefined` at the end. */
export async function nextEntry(iterator: AsyncIterator<Entry>): Promise<Entry | undefined> {
  const result = await within(iterator.next(), 'next() of entries()');
  return result.done ? undefined : result.value;
}

/** All entries that are still to come. */
export async function remaining(iterator: AsyncIterator<Entry>): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let entry = await nextEntry(iterator); entry !== undefined; entry = await nextEntry(iterator)) {
    entries.push(entry);
  }
  return entries;
}

/** `kind key` of each entry. */
export function namesOf(entries: readonly Entry[]): string[] {
  return entries.map(({ kind, key }) => `${kind} ${Object.values(key).join(' ')}`);
}

/** A field of each record, which the types need not know. */
export function fieldsOf(entries: readonly Entry[], field: string): unknown[] {
  return entries.map(({ value }) => (value as unknown as Record<string, unknown>)[field]);
}
