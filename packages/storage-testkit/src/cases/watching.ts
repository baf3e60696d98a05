import type { StorageEvent } from '@gati-framework/manifest-store';
import { within } from '../assertions/deadline.js';

/** The next events of a watch; fails when they do not come, and tells which ones came. */
export async function take(iterator: AsyncIterator<StorageEvent>, count: number): Promise<StorageEvent[]> {
  const events: StorageEvent[] = [];
  while (events.length < count) {
    const awaited = `event ${events.length + 1} of ${count}, after ${revisionsThatCame(events)},`;
    const result = await within(iterator.next(), awaited);
    if (result.done) {
      throw new Error(
        `the watch ended after ${events.length} of ${count} events: ${revisionsThatCame(events)}`,
      );
    }
    events.push(result.value);
  }
  return events;
}

/** `the revisions 1-3, 5`. */
function revisionsThatCame(events: readonly StorageEvent[]): string {
  const runs: [number, number][] = [];
  for (const { revision } of events) {
    const last = runs.at(-1);
    if (last !== undefined && revision === last[1] + 1) last[1] = revision;
    else runs.push([revision, revision]);
  }
  if (runs.length === 0) return 'no revision';
  const shown = runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  return `the revision${events.length === 1 ? '' : 's'} ${shown.join(', ')}`;
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
