import { TimeSlice } from '@gati-framework/manifest-store/backend';

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
 * in the next one. Few steps are all taken in this turn.
 *
 * @param onLong Called once, when there turns out to be so much that it pays to prepare for it.
 */
export async function finishInSlices<T>(steps: Steps<T>, onLong: () => void = () => {}): Promise<T> {
  const slice = new TimeSlice();
  for (let pauses = 0; ; ) {
    const { done, value } = steps.next();
    if (done) return value;
    if (!slice.isOver) continue;
    pauses += 1;
    if (pauses === LONG) onLong();
    await slice.next();
  }
}
