import { TimeSlice } from '@gati-framework/manifest-store/backend';
import type { MaybePromise } from '@gati-framework/storage-kit';

/** Work that may pause after each of its steps. */
export type Steps<T> = Generator<void, T>;

/** Pauses after which work counts as long: on a busy machine, also a little may take more than one slice. */
const LONG = 3;

/** Takes all steps at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * Takes steps for as long as one turn of the event loop may take, and goes on
 * in the next one. Few steps are all taken within the call.
 *
 * @param onLong Called once, when there turns out to be so much that it pays to prepare for it.
 */
export function finishInSlices<T>(steps: Steps<T>, onLong: () => void = () => {}): MaybePromise<T> {
  const slice = new TimeSlice();
  const { done, value } = untilPause(steps, slice);
  return done ? value : goOn(steps, slice, onLong);
}

async function goOn<T>(steps: Steps<T>, slice: TimeSlice, onLong: () => void): Promise<T> {
  for (let pauses = 1; ; pauses++) {
    if (pauses === LONG) onLong();
    await slice.next();
    const { done, value } = untilPause(steps, slice);
    if (done) return value;
  }
}

/** As {@link finishInSlices}, of work that may be ended between two slices. Rejects with the reason of the signal. */
export async function finishUnlessAborted<T>(
  steps: Steps<T>,
  signal: Pick<AbortSignal, 'throwIfAborted'> | undefined,
): Promise<T> {
  const slice = new TimeSlice();
  try {
    for (;;) {
      const { done, value } = untilPause(steps, slice);
      if (done) return value;
      await slice.next();
      signal?.throwIfAborted();
    }
  } finally {
    steps.return(undefined as T); // it may hold a statement that reads
  }
}

/** Takes steps until the slice of time is over, or the last one. */
export function untilPause<T>(steps: Steps<T>, slice: TimeSlice): IteratorResult<void, T> {
  let step = steps.next();
  while (!step.done && !slice.isOver) step = steps.next();
  return step;
}
