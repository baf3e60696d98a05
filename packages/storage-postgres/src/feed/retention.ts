import type { GivenRetention, Retention } from '@gati-framework/manifest-store/backend';
import { mergeRetention } from '@gati-framework/manifest-store/backend';
import { DEFAULT_RETENTION } from '@gati-framework/storage-kit';
import type { PostgresClient } from '../connections/postgres-pool.js';
import { flagAt, numberOrNullAt } from '../sql/row-values.js';
import { headOf } from '../sql/rows.js';
import type { Statements } from '../sql/statements.js';

export interface RetentionOptions {
  readonly history: GivenRetention;
  readonly lockTimeout: number;
  readonly readOnly: boolean;
}

/**
 * Stores how much of the past is to be kept, where that was given and is something else than what is stored. Whoever may
 * not write leaves it as it is.
 *
 * @returns What is kept.
 */
export async function keepRetention(
  client: PostgresClient,
  statements: Statements,
  { history, lockTimeout, readOnly }: RetentionOptions,
): Promise<Retention> {
  const head = headOf((await client.query(statements.retention())).rows);
  const stored = { changes: numberOrNullAt(head, 0) ?? undefined, age: numberOrNullAt(head, 1) ?? undefined };
  const kept = mergeRetention(stored, DEFAULT_RETENTION);
  const wanted = { changes: history.changes ?? stored.changes, age: history.age ?? stored.age };
  const isStored = wanted.changes === stored.changes && wanted.age === stored.age;
  const mayWrite = flagAt(head, 2) && !readOnly;
  if (isStored || !mayWrite) return kept;
  const values = [wanted.changes ?? null, wanted.age ?? null, String(lockTimeout)];
  await client.query(statements.setRetention(values));
  return mergeRetention(wanted, DEFAULT_RETENTION);
}
