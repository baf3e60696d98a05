import type { StorageEvent } from '@gati-framework/manifest-store';
import { within } from '../assertions/deadline.js';

/** The next events of a watch; fails when they do not come. */
export async function take(iterator: AsyncIterator<StorageEvent>, count: number): Promise<StorageEvent[]> {
  const events: StorageEvent[] = [];
  while (events.length < count) {
    const result = await within(iterator.next(), `event ${events.length + 1} of ${count}`);
    if (result.done) throw new Error(`the watch ended after ${events.length} of ${count} events`);
    events.push(result.value);
  }
  return events;
}

/** What an event says, without its time and without the values: `{ 3: ['put gtype User'] }`. */
export function summary(events: readonly StorageEvent[]): Record<number, string[]> {
  return Object.fromEntries(
    events.map(({ revision, changes }) => [
      revision,
      changes.map((change) => {
        if ('clear' in change) return 'clear';
        const key = Object.values(change.key).join(' ');
        return 'put' in change ? `put ${change.put} ${key}` : `delete ${change.delete} ${key}`;
      }),
    ]),
  );
}

/** Whether a watch ended without an error. */
export async function isDone(iterator: AsyncIterator<StorageEvent>): Promise<boolean> {
  return (await within(iterator.next(), 'the end of a watch')).done === true;
}

export function revisions(events: readonly StorageEvent[]): number[] {
  return events.map(({ revision }) => revision);
}
