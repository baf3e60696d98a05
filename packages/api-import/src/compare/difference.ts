/** Whether values are what callers send or what they receive; `either` inside what is negated. */
export type Direction = 'request' | 'response' | 'either';

/**
 * How the set of valid values differs from before.
 *
 * - `narrowed`: some values are no longer valid: breaks who sends them;
 * - `widened`: some values are newly valid: breaks who receives them;
 * - `changed`: both, or it cannot be told: breaks either;
 * - `removed`: something is gone that callers may count on: breaks either;
 * - `compatible`: breaks nobody.
 */
export type Effect = 'narrowed' | 'widened' | 'changed' | 'removed' | 'compatible';

/** One thing that differs between two versions of a handler. */
export interface Difference {
  /** e.g. `response User.name`. */
  readonly where: string;
  /** e.g. `is now required`. */
  readonly what: string;
  /** Whether callers of the older version can break. */
  readonly breaking: boolean;
}

export function isBreaking(effect: Effect, direction: Direction): boolean {
  switch (effect) {
    case 'narrowed':
      return direction !== 'response';
    case 'widened':
      return direction !== 'request';
    case 'changed':
    case 'removed':
      return true;
    case 'compatible':
      return false;
  }
}
