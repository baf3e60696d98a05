import { withoutRevisions } from '../operations.mjs';
import { same } from './same.mjs';

/**
 * What an operation that succeeded says of the one moment at which it happened: whether it can have been right after
 * this revision.
 *
 * @param {import('./timeline.mjs').Timeline} timeline
 * @returns {(revision: number) => boolean}
 */
export function momentOf(timeline, { type, operation, result }) {
  const { slot, list } = operation;
  switch (type) {
    case 'read':
      return (revision) => timeline.tag(slot, revision) === result.tag;
    case 'get':
      return (revision) => same(timeline.entry(slot, revision), result.entry);
    case 'list':
      return (revision) => same(timeline.tags(list, revision), result.tags);
    case 'entries':
      return (revision) => same(timeline.entries(revision), result.entries);
    case 'archive':
      return (revision) => same(withoutRevisions(timeline.entries(revision)), result.entries);
    case 'stats':
      return (revision) => revision === result.revision && same(timeline.counts(revision), result.counts);
    default:
      return (revision) => revision === result.revision && holds(timeline, operation, revision);
  }
}

/** Whether everything that a commit expects is so at a revision. */
export function holds(timeline, { expect = [], expectRevision }, revision) {
  return (
    (expectRevision === undefined || expectRevision === revision) &&
    expect.every(([slot, known]) => timeline.revisionOf(slot, revision) === known)
  );
}

/** Whether a refusal was right at a revision: the expectation did not hold, and what it told was there. */
export function refusedAt(timeline, { operation, error }) {
  return (revision) => {
    if (holds(timeline, operation, revision)) return false;
    const { actual, slot } = error;
    if (actual === undefined) return true; // the answer was lost on its way, and nobody knows any more
    return slot === undefined ? actual === revision : timeline.revisionOf(slot, revision) === actual;
  };
}

/** What is wrong with an answer about the past, which is exact whenever it is given. */
export function faultOfPast(timeline, { type, operation, result }) {
  const { at, slot } = operation;
  if (at > timeline.revision) return 'an answer about the future';
  const [expected, found] =
    type === 'past' ? [timeline.entry(slot, at), result.entry] : [timeline.entries(at), result.entries];
  return same(expected, found) ? undefined : `was ${JSON.stringify(expected)} at that revision`;
}
