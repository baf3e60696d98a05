import { TimeSlice } from '@gati-framework/manifest-store/backend';

/** Work that may pause after each of its steps. */
export type Steps<T> = Generator<void, T>;

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
 * @param onPause Called before the first pause.
 */
export async function finishInSlices<T>(steps: Steps<T>, onPause: () => void): Promise<T> {
  const slice = new TimeSlice();
  for (let hasPaused = false; ; ) {
    const { done, value } = steps.next();
    if (done) return value;
    if (!slice.isOver) continue;
    if (!hasPaused) onPause();
    hasPaused = true;
    await slice.next();
  }
}
