import type { GivenRetention, Retention } from '@gati-framework/manifest-store/backend';
import { DEFAULT_RETENTION } from '@gati-framework/storage-kit';
import type { Statements } from '../sql/statements.js';
import type { Transactions } from '../sql/transaction.js';

/** Where the history begins, and how much of it is kept. */
export interface HistoryBounds {
  /** Id of the first change that the history holds. */
  readonly firstChange: number;
  /** Id of the first change that is forgotten but still to be swept away; `firstChange` when there is none. */
  readonly sweptTo: number;
  /** Id of the first change from which on everything is known that is needed to undo changes. */
  readonly readableFrom: number;
  readonly retention: Retention;
}

const NEW_STORE = [1, 1, 1, null, null] as const;

export function readBounds({ trim }: Statements): HistoryBounds {
  const [firstChange, sweptTo, readableFrom, changes, age] = trim.selectBounds.get() ?? NEW_STORE;
  const retention = {
    changes: changes ?? DEFAULT_RETENTION.changes,
    age: age ?? DEFAULT_RETENTION.age,
  };
  return { firstChange, sweptTo, readableFrom, retention };
}

/**
 * Stores what a storage was given of how much the store keeps.
 *
 * @returns Whether it was something else before.
 */
export function storeRetention(
  { trim }: Statements,
  transactions: Transactions,
  { changes, age }: GivenRetention,
): boolean {
  const [, , , keptChanges, keptAge] = trim.selectBounds.get() ?? NEW_STORE;
  if ((changes ?? keptChanges) === keptChanges && (age ?? keptAge) === keptAge) return false;
  transactions.write(() => trim.setRetention.run(changes ?? null, age ?? null));
  return true;
}
