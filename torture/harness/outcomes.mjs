/** A promise was broken. */
export class Violation extends Error {
  name = 'Violation';
}

/**
 * A process of the rig ended by itself, or a round came to no end. That is broken as well; but of code that has a fault put into it,
 * it shows no more than that this code does not run, or that the machine is slow.
 */
export class Breakdown extends Violation {
  name = 'Breakdown';
}

/** The run shows nothing: too little was done, or the fault did not come about. */
export class VoidRun extends Error {
  name = 'VoidRun';
}

/** Fails a run in which less happened than its seed demanded. */
export function demand(found, atLeast, what) {
  if (found < atLeast) throw new VoidRun(`${found} ${what}, and ${atLeast} are needed for the run to count`);
}

/** Errors that are answers: something was as they say at one moment. */
export const isAnswer = (error) =>
  error === undefined || error.code === 'STORAGE_CONFLICT' || error.code === 'STORAGE_COMPACTED';

/** What is said of a round that came to no end. */
export const HANGS = 'it came to no end';
