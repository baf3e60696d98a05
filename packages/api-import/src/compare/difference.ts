/** Whether values are what callers send or what they receive. */
export type Direction = 'request' | 'response';

/** The other way round: what narrows inside `not` widens outside. */
export function opposite(direction: Direction): Direction {
  return direction === 'request' ? 'response' : 'request';
}

/**
 * How the set of valid values differs from before.
 *
 * - `narrowed`: some values are no longer valid: breaks who sends them;
 * - `widened`: some values are newly valid: breaks who receives them;
 * - `changed`: both: breaks either;
 * - `removed`: something is gone that callers may count on: breaks either;
 * - `compatible`: breaks nobody;
 * - `unknown`: it cannot be told.
 */
export type Effect = 'narrowed' | 'widened' | 'changed' | 'removed' | 'compatible' | 'unknown';

/**
 * What a difference does to callers of the older version: `breaking` only where
 * there is something that a caller may do or count on which no longer holds;
 * `unknown` where that can neither be shown nor excluded.
 */
export type Verdict = 'breaking' | 'unknown' | 'compatible';

/** One thing that differs between two versions of a handler. */
export interface Difference {
  /** e.g. `response User.name`. */
  readonly where: string;
  /** e.g. `is now required`. */
  readonly what: string;
  /** Whether callers of the older version can break; false when that is unknown. */
  readonly breaking: boolean;
  readonly verdict: Verdict;
}

export function verdictOf(effect: Effect, direction: Direction): Verdict {
  switch (effect) {
    case 'narrowed':
      return direction === 'request' ? 'breaking' : 'compatible';
    case 'widened':
      return direction === 'response' ? 'breaking' : 'compatible';
    case 'changed':
    case 'removed':
      return 'breaking';
    case 'compatible':
    case 'unknown':
      return effect;
  }
}

const SEVERITY: Readonly<Record<Verdict, number>> = { compatible: 0, unknown: 1, breaking: 2 };

export function worst(verdicts: Iterable<Verdict>): Verdict {
  let found: Verdict = 'compatible';
  for (const verdict of verdicts) if (SEVERITY[verdict] > SEVERITY[found]) found = verdict;
  return found;
}

/** Breaking ones first, then unknown ones; of the same verdict, in the order in which they were found. */
export function byVerdict(differences: readonly Difference[]): Difference[] {
  return [...differences].sort((a, b) => SEVERITY[b.verdict] - SEVERITY[a.verdict]);
}
