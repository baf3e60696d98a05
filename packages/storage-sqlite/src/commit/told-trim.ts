import type { StorageMessage } from '@gati-framework/manifest-store';
import { channels, timers } from '@gati-framework/manifest-store/backend';
import type { HistoryBounds } from './history-bounds.js';
import type { Steps } from './steps.js';
import { trimHistory } from './trim-history.js';

/** As {@link trimHistory}, of which whoever listens is told where it found something to do. */
export function* trimTold(
  store: Pick<StorageMessage, 'backend' | 'store'>,
  ...given: Parameters<typeof trimHistory>
): Steps<HistoryBounds> {
  if (!channels.trim.hasSubscribers) return yield* trimHistory(...given);
  const [, known] = given;
  const begun = timers.now();
  const bounds = yield* trimHistory(...given);
  const changes = bounds.firstChange - known.firstChange;
  // Told when it is done: most of the time there is nothing to do, which is found out on the way.
  if (bounds !== known) channels.trim.trace({ ...store, changes }, () => {}, begun);
  return bounds;
}
