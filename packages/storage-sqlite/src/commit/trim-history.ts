import { PAGE_BYTES } from '@gati-framework/storage-kit';
import type { LogEntry } from '../log/commit-log.js';
import type { Statements } from '../sql/statements.js';
import { type HistoryBounds, readBounds } from './history-bounds.js';
import type { Steps } from './steps.js';

/** How many changes a group of commits forgets, or sweeps away, beside twice as many as it adds. */
const STEP = 1_000;

/**
 * Forgets the oldest commits, so that the history holds about `limit` changes,
 * and a tenth more at most. A value stays while its record does, in the history
 * or not; what goes is what the forgotten changes replaced, removed or cleared.
 *
 * That may be any number of rows. So commits are forgotten first, whole, and
 * nobody reads their changes any more; these are swept away by degrees, a step
 * with each group of commits, oldest first; `history` says how far the sweeping
 * has come. It is repeated without harm from any earlier point.
 *
 * @param known The bounds as far as the caller knows.
 * @param added What the group added.
 * @returns The bounds now.
 */
export function* trimHistory(
  statements: Statements,
  known: HistoryBounds,
  nextChange: number,
  added: readonly LogEntry[],
  limit: number,
): Steps<HistoryBounds> {
  if (known.sweptTo === known.firstChange && nextChange - known.firstChange <= limit * 1.1) return known;
  const { firstChange, sweptTo } = readBounds(statements); // another process may have trimmed
  const isLong = nextChange - firstChange > limit * 1.1;
  const begin = isLong ? beginAfterForgetting(statements, firstChange, nextChange - limit) : firstChange;
  const end = yield* sweep(statements, sweptTo, begin, budgetOf(added));
  if (begin !== firstChange || end !== sweptTo) statements.trim.setBounds.run(begin, end);
  return { firstChange: begin, sweptTo: end };
}

/** Where the history begins when whole commits are forgotten that end before a change; one at least, if there is one. */
function beginAfterForgetting({ trim }: Statements, first: number, target: number): number {
  const [, count] = trim.selectCommitAt.get(first) ?? [first, 0];
  const end = Math.min(target, Math.max(first + STEP, first + count));
  const [begin] = trim.selectCommitAt.get(end) ?? [first];
  return begin;
}

/** What a step may cost: rows that it looks at or deletes, and the bytes of their values. */
interface Budget {
  rows: number;
  bytes: number;
}

function budgetOf(added: readonly LogEntry[]): Budget {
  const budget = { rows: STEP, bytes: PAGE_BYTES };
  for (const { changes } of added) {
    budget.rows += 2 * changes.length;
    for (const change of changes) if (change.op === 'put') budget.bytes += 2 * change.text.length;
  }
  return budget;
}

/** Sweeps up forgotten changes from one id to another, oldest first; yields the id of the first that is left. */
function* sweep(statements: Statements, from: number, to: number, budget: Budget): Steps<number> {
  const { trim } = statements;
  let at = from;
  while (at < to) {
    if (isSpent(budget)) return at;
    const row = trim.selectNextForgotten.get(at, to);
    if (row === undefined) return to;
    const [id, operation, replaces, size] = row;
    spend(budget, size);
    if (operation === 'clear' && !(yield* sweepBefore(statements, id, budget))) return id;
    if (replaces !== null) remove(statements, replaces, budget);
    if (operation !== 'put') trim.deleteChange.run(id);
    at = id + 1;
    yield;
  }
  return at;
}

/** Sweeps up all that a `clear` cleared; false while there is more. */
function* sweepBefore({ trim }: Statements, clear: number, budget: Budget): Steps<boolean> {
  for (;;) {
    const row = trim.selectFirstBefore.get(clear);
    if (row === undefined) return true;
    if (isSpent(budget)) return false;
    const [id, size] = row;
    spend(budget, size);
    trim.deleteChange.run(id);
    yield;
  }
}

function remove({ changes, trim }: Statements, id: number, budget: Budget): void {
  spend(budget, changes.selectSize.get(id, id + 1)?.[0] ?? 0);
  trim.deleteChange.run(id);
}

function spend(budget: Budget, size: number): void {
  budget.rows -= 1;
  budget.bytes -= size;
}

function isSpent({ rows, bytes }: Budget): boolean {
  return rows <= 0 || bytes <= 0;
}
