import { type Alternative, alternativeKey, nameOf } from './alternative.js';
import type { Direction, Verdict } from './difference.js';
import { areDisjoint } from './overlap.js';

/** How alternatives before and after belong together. */
export interface Matching {
  /** To be compared with each other. */
  readonly matched: readonly [before: Alternative, after: Alternative][];
  /** Alternatives that nothing is the successor of, and those that are no successors. */
  readonly removed: readonly LooseAlternative[];
  readonly added: readonly LooseAlternative[];
}

export interface LooseAlternative {
  readonly alternative: Alternative;
  /** Whether another alternative of the other side accepts all that it does: `compatible` when one does. */
  readonly covered: Verdict;
}

/** What becomes of callers when the only alternative `before` becomes the only alternative `after`. */
export type Judge = (before: Alternative, after: Alternative) => Verdict;

/**
 * Pairs what is written the same, then what has the same name, then what does
 * no harm as the successor, then what is left of the same family in order.
 */
export function matchAlternatives(
  before: readonly Alternative[],
  after: readonly Alternative[],
  direction: Direction,
  judge: Judge,
): Matching {
  const matcher = new Matcher(before, after);
  matcher.pair((older, newer) => alternativeKey(older) === alternativeKey(newer));
  const newNames = new Set(namesOfOne(matcher.added));
  const sameName = new Set(namesOfOne(matcher.removed).filter((name) => newNames.has(name)));
  matcher.pair((older, newer) => sameName.has(nameOf(older) ?? '') && nameOf(older) === nameOf(newer));
  if (matcher.removed.length > 0 && matcher.added.length > 0) {
    matcher.pair((older, newer) => mayBeSuccessor(older, newer) && judge(older, newer) === 'compatible');
  }
  const coverage = (loose: Alternative): Verdict =>
    direction === 'request'
      ? best(after.filter((other) => mayAccept(other, loose)).map((other) => () => judge(loose, other)))
      : best(before.filter((other) => mayAccept(other, loose)).map((other) => () => judge(other, loose)));
  const harmful = direction === 'request' ? matcher.removed : matcher.added;
  const covered = new Map(harmful.map((loose) => [loose, coverage(loose)]));
  matcher.pair(
    (older, newer) =>
      mayBeSuccessor(older, newer) && covered.get(direction === 'request' ? older : newer) !== 'compatible',
  );
  const loosen = (alternative: Alternative): LooseAlternative => ({
    alternative,
    covered: covered.get(alternative) ?? 'breaking',
  });
  return {
    matched: matcher.matched,
    removed: matcher.removed.map(loosen),
    added: matcher.added.map(loosen),
  };
}

class Matcher {
  readonly matched: [Alternative, Alternative][] = [];
  removed: Alternative[];
  added: Alternative[];

  constructor(before: readonly Alternative[], after: readonly Alternative[]) {
    this.removed = [...before];
    this.added = [...after];
  }

  pair(belongs: (older: Alternative, newer: Alternative) => boolean): void {
    const unmatched: Alternative[] = [];
    for (const older of this.removed) {
      const i = this.added.findIndex((newer) => belongs(older, newer));
      if (i === -1) unmatched.push(older);
      else for (const newer of this.added.splice(i, 1)) this.matched.push([older, newer]);
    }
    this.removed = unmatched;
  }
}

/** A name that several share does not tell which of them belong together. */
function namesOfOne(alternatives: readonly Alternative[]): string[] {
  const names = alternatives.flatMap((alternative) => nameOf(alternative) ?? []);
  return names.filter((name, i) => names.indexOf(name) === i && names.lastIndexOf(name) === i);
}

/** What no value can be both of is something else, not the same in another version. */
function mayBeSuccessor(older: Alternative, newer: Alternative): boolean {
  return older.family === newer.family && !areDisjoint(older, newer);
}

function mayAccept(wider: Alternative, narrower: Alternative): boolean {
  return wider.family === undefined || wider.family === narrower.family;
}

function best(judgements: readonly (() => Verdict)[]): Verdict {
  let found: Verdict = 'breaking';
  for (const judgement of judgements) {
    const verdict = judgement();
    if (verdict === 'compatible') return verdict;
    if (verdict === 'unknown') found = verdict;
  }
  return found;
}
