import { timers } from '@gati-framework/manifest-store/backend';
import { PAGE_BYTES } from '@gati-framework/storage-kit';
import { commitOf } from '../feed/find-commits.js';
import type { Statements } from '../sql/statements.js';
import { type HistoryBounds, readBounds } from './history-bounds.js';
import type { Steps } from './steps.js';

/** How many changes a group of commits forgets, or sweeps away, beside twice as many as it adds. */
const STEP = 1_000;

/** What a group of commits has added. */
export interface Added {
  readonly changes: number;
  /** Of their values, in UTF-16 code units. */
  readonly text: number;
}

/**
 * Forgets the oldest commits that the store need not keep, so that the history holds about as many changes as it has
 * to, and a tenth more at most, beside those that are kept for their age. A value stays while its record does, in the history
 * or not; what goes is what the forgotten changes replaced, removed or cleared.
 *
 * That may be any number of rows. So commits are forgotten first, whole, and
 * nobody reads their changes any more; these are swept away by degrees, a step
 * with each group of commits, oldest first; `history` says how far the sweeping
 * has come. It is repeated without harm from any earlier point.
 *
 * @param known The bounds as far as the caller knows.
 * @param mayForget Whether nobody reads what would be forgotten.
 * @returns The bounds now.
 */
export function* trimHistory(
  statements: Statements,
  known: HistoryBounds,
  nextChange: number,
  added: Added,
  mayForget: boolean,
): Steps<HistoryBounds> {
  const isLong = ({ firstChange, retention }: HistoryBounds): boolean =>
    mayForget && nextChange - firstChange > retention.changes * 1.1;
  if (known.sweptTo === known.firstChange && !isLong(known)) return known;
  const bounds = readBounds(statements); // another process may have trimmed
  const { firstChange, sweptTo } = bounds;
  const begin = isLong(bounds) ? yield* beginAfterForgetting(statements, bounds, nextChange) : firstChange;
  const end = yield* sweep(statements, sweptTo, begin, budgetFor(added));
  if (begin !== firstChange || end !== sweptTo) statements.trim.setBounds.run(begin, end);
  return { ...bounds, firstChange: begin, sweptTo: end };
}

/** Where the history begins when whole commits are forgotten; the latest never is. */
function* beginAfterForgetting(
  statements: Statements,
  { firstChange, retention: { changes, age } }: HistoryBounds,
  nextChange: number,
): Steps<number> {
  const end = nextChange - Math.max(changes, 1);
  if (age > 0) return yield* beginOfYounger(statements, firstChange, end, age, nextChange);
  const target = Math.min(end, firstChange + STEP);
  const [last = firstChange, count = 1] = commitOf(statements, target, nextChange) ?? [];
  const begin = last - count + 1;
  // One that is larger than a step goes as one.
  return begin === firstChange && last < end ? last + 1 : begin;
}

/**
 * Goes from commit to commit: where clocks were set back, a younger one may stand before older ones, and stays with all
 * that follow it.
 */
function* beginOfYounger(
  statements: Statements,
  firstChange: number,
  end: number,
  age: number,
  nextChange: number,
): Steps<number> {
  const now = timers.wallClock();
  let begin = firstChange;
  while (begin < firstChange + STEP) {
    const [last = nextChange, , , committedAt = now] = commitOf(statements, begin, nextChange) ?? [];
    if (last >= end || now - committedAt <= age) return begin;
    begin = last + 1;
    yield;
  }
  return begin;
}

/** What a step may cost: rows that it looks at or deletes, and the bytes of their values. */
interface Budget {
  rows: number;
  bytes: number;
}

function budgetFor({ changes, text }: Added): Budget {
  return { rows: STEP + 2 * changes, bytes: PAGE_BYTES + 2 * text };
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
