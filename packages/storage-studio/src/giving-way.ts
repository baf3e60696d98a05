import type { Entry, EntryFilter, Storage } from '@gati-framework/manifest-store';
import { TimeSlice } from '@gati-framework/manifest-store/backend';

/**
 * The same storage, whose `entries` lets others have the event loop in between: records that are in memory, as a page of a file
 * is when it was read, follow one another without a turn of it, and nobody else would be answered until all were read.
 */
export function givingWay(storage: Storage): Storage {
  return new Proxy(storage, {
    get(target, name) {
      if (name === 'entries') return (filter?: EntryFilter) => inSlices(target.entries(filter));
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function* inSlices(entries: AsyncIterable<Entry>): AsyncGenerator<Entry, void, undefined> {
  const slice = new TimeSlice();
  for await (const entry of entries) {
    yield entry;
    if (slice.isOver) await slice.next();
  }
}
