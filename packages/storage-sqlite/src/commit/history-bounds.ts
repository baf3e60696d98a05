import type { Statements } from '../sql/statements.js';

/** Where the history begins. */
export interface HistoryBounds {
  /** Id of the first change that the history holds. */
  readonly firstChange: number;
  /** Id of the first change that is forgotten but still to be swept away; `firstChange` when there is none. */
  readonly sweptTo: number;
}

export function readBounds({ trim }: Statements): HistoryBounds {
  const [firstChange, sweptTo] = trim.selectBounds.get() ?? [1, 1];
  return { firstChange, sweptTo };
}
