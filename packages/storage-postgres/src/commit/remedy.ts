import { isDuplicateOperation, isLogTooShort, isTooIsolated } from '../errors/conditions.js';

/**
 * What to do on the same connection about an attempt that failed. `isolate`: again, in a transaction that sees what
 * others commit. `start-over`: again under the lock of the store, as of what it is now. `ask`: an earlier attempt was
 * committed, and its answer lost; ask which revisions it has. `none`: it failed, or is lost.
 */
export type Remedy = 'isolate' | 'start-over' | 'ask' | 'none';

export interface Attempts {
  /** The attempt was made in a transaction of the right level. */
  readonly isIsolated: boolean;
  /** Nobody knows what became of an attempt before this one. */
  readonly wasLost: boolean;
}

export function remedyFor(error: unknown, { isIsolated, wasLost }: Attempts): Remedy {
  if (isTooIsolated(error) && !isIsolated) return 'isolate';
  // Were an attempt lost, it may be what others have trimmed away: nobody can tell then.
  if (isLogTooShort(error) && !wasLost) return 'start-over';
  return isDuplicateOperation(error) ? 'ask' : 'none';
}
