import assert from 'node:assert/strict';
import type { Entry, EntryFilter, Storage } from '@gati-framework/manifest-store';
import { within } from '../assertions/deadline.js';
import { fieldOf } from '../untyped.js';
import { during, oneByOne, oneOfEach } from './helpers.js';

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

/** Leaves an iteration or a watch before its end. */
export async function leave<T>(iterator: AsyncIterator<T>): Promise<IteratorResult<T>> {
  assert.ok(iterator.return, 'it has no return()');
  return within(iterator.return(), 'return()');
}

/** `kind key` of each entry. */
export function namesOf(entries: readonly Entry[]): string[] {
  return entries.map(({ kind, key }) => `${kind} ${Object.values(key).join(' ')}`);
}

/** A field of each record, which the types need not know. */
export function fieldsOf(entries: readonly Entry[], field: string): unknown[] {
  return entries.map(({ value }) => fieldOf(value, field));
}

/** Commits batches through one storage, and fails when the entries of the other show a part of one. */
export async function assertWholeBatches(writer: Storage, reader: Storage): Promise<void> {
  await writer.commit(oneOfEach({ n: 0 }));
  const writing = oneByOne(20, (n) => writer.commit(oneOfEach({ n })));
  await during(writing, async () => {
    const generations = [...new Set(fieldsOf(await allEntries(reader), 'n'))];
    assert.equal(generations.length, 1, `one iteration showed the batches ${generations.join(' and ')}`);
  });
}
