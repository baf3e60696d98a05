/** A promise was broken. */
export class Violation extends Error {
  name = 'Violation';
}

/** The run shows nothing: too little was done, or the fault did not come about. */
export class VoidRun extends Error {
  name = 'VoidRun';
}

/** Fails a run in which less happened than its seed demanded. */
export function demand(found, atLeast, what) {
  if (found < atLeast) throw new VoidRun(`${found} ${what}, and ${atLeast} are needed for the run to count`);
}

/** What is said of a round that came to no end. */
export const HANGS = 'it came to no end';
