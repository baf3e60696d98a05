import { describe, expect, test } from 'vitest';
import type { CommittedGroup } from '../dist/commit/commit-answer.js';
import {
  advance,
  afterOwnCommit,
  type FeedPosition,
  START,
  startAt,
  withSeen,
} from '../dist/feed/feed-position.js';
import type { FeedAnswer } from '../dist/feed/feed-rows.js';
import { toStoreState } from '../dist/sql/rows.js';

const stateAt = (revision: number) => toStoreState(revision, JSON.stringify({ gtype: revision }));
const record = (ref: string) => ({ kind: 'gtype', key: [ref] }) as const;

/** What a primary answers at a revision that group `g<revision>` made, to whoever asks from `known`. */
function answer(revision: number, known: number, more: Partial<FeedAnswer> = {}): FeedAnswer {
  return {
    state: stateAt(revision),
    cursor: { epoch: 'e', revision, groupId: `g${revision}` },
    groupIdAtKnown: known === 0 ? null : `g${known}`,
    isStandby: false,
    changed: [record(`${revision}`)],
    ...more,
  };
}

const at = (revision: number): FeedPosition => startAt(START, answer(revision, 0));

function committed(revision: number, more: Partial<CommittedGroup> = {}): CommittedGroup {
  return {
    outcomes: [],
    groupId: `g${revision}`,
    epoch: 'e',
    base: revision - 1,
    before: `g${revision - 1}`,
    last: revision,
    added: { gtype: 1 },
    cleared: false,
    ...more,
  };
}

describe('an answer', () => {
  test('with news moves the cursor and tells what changed', () => {
    const { position, told } = advance(at(1), at(1), answer(3, 1));
    expect(position).toMatchObject({ cursor: { revision: 3, groupId: 'g3' }, state: stateAt(3) });
    expect(told).toEqual({ event: 'changed', state: stateAt(3), records: [record('3')] });
  });

  test('without news tells nothing', () => {
    expect(advance(at(3), at(3), answer(3, 3))).toEqual({ position: { ...at(3), seen: 3 }, told: undefined });
  });

  test('that comes after a newer one, or after a commit of this process, takes nothing back', () => {
    const { position, told } = advance(at(5), at(1), answer(3, 1));
    expect(position).toMatchObject({ cursor: { revision: 5, groupId: 'g5' }, state: stateAt(5) });
    expect(told).toBeUndefined();
  });

  test('whose log does not go back to what was known tells that anything may have changed', () => {
    expect(advance(at(1), at(1), answer(9, 1, { groupIdAtKnown: null })).told).toMatchObject({
      records: 'all',
    });
  });

  test('to a feed that knew an empty store tells what was committed since', () => {
    expect(advance(at(0), at(0), answer(1, 0)).told).toMatchObject({ records: [record('1')] });
  });
});

describe('another history', () => {
  test.each<[string, FeedAnswer]>([
    ['of another epoch', answer(9, 5, { cursor: { epoch: 'other', revision: 9, groupId: 'g9' } })],
    ['that is shorter', answer(4, 5, { groupIdAtKnown: null })],
    ['with another commit at what was known', answer(9, 5, { groupIdAtKnown: 'of somebody else' })],
  ])('%s replaces the position, and what was seen of the old one', (_, other) => {
    const { position, told } = advance(withSeen(at(5), 20), at(5), other);
    const { cursor, state } = other;
    expect(position).toEqual({ cursor, state, seen: cursor.revision, isStandbyBehind: false });
    expect(told).toEqual({ event: 'replaced', state });
  });
});

describe('what was seen', () => {
  test('ahead of the cursor stays ahead until an answer shows as much', () => {
    const seen = withSeen(at(1), 4);
    expect(advance(seen, at(1), answer(3, 1)).position).toMatchObject({ seen: 4, cursor: { revision: 3 } });
    expect(advance(seen, seen, answer(4, 1)).position).toMatchObject({ seen: 4, cursor: { revision: 4 } });
  });

  test('on a primary that is no more is taken back by what another one has, unless it was seen since', () => {
    const seen = withSeen(at(1), 9);
    expect(advance(seen, seen, answer(3, 1)).position.seen).toBe(3);
    expect(advance(withSeen(seen, 10), seen, answer(3, 1)).position.seen).toBe(10);
  });

  test('is never taken back by a standby', () => {
    const seen = withSeen(at(1), 9);
    expect(advance(seen, seen, answer(3, 1, { isStandby: true })).position.seen).toBe(9);
  });
});

describe('a standby', () => {
  const behind = answer(3, 5, { isStandby: true, groupIdAtKnown: null });

  test('that is behind tells nothing, and once it has caught up says so without a change', () => {
    const first = advance(at(5), at(5), behind);
    expect(first).toMatchObject({
      position: { isStandbyBehind: true, cursor: { revision: 5 } },
      told: undefined,
    });
    const second = advance(first.position, first.position, answer(5, 5, { isStandby: true }));
    expect(second.told).toEqual({ event: 'changed', state: stateAt(5), records: [] });
    expect(second.position.isStandbyBehind).toBe(false);
  });

  test('that was behind and has more now tells the change', () => {
    const { position } = advance(at(5), at(5), behind);
    expect(advance(position, position, answer(6, 5, { isStandby: true })).told).toMatchObject({
      records: [record('6')],
    });
  });
});

describe('a commit of this process', () => {
  test('that follows the cursor moves it, and counts what it added', () => {
    expect(afterOwnCommit(at(4), committed(5))).toMatchObject({
      cursor: { revision: 5, groupId: 'g5' },
      state: { revision: 5, counts: { gtype: 5 } },
    });
  });

  test('that cleared the store first counts from nothing', () => {
    const next = afterOwnCommit(at(4), committed(5, { cleared: true, added: { gtype: 2, ofTheFuture: 1 } }));
    expect(next?.state).toEqual(toStoreState(5, '{"gtype":2}'));
  });

  test.each<[string, Partial<CommittedGroup>]>([
    ['there was one of somebody else before it', { base: 5, last: 6 }],
    ['the one before it is another one', { before: 'of somebody else' }],
    ['the store is another one', { epoch: 'other' }],
    ['what it added was lost', { added: undefined }],
  ])('moves nothing when %s', (_, more) => {
    expect(afterOwnCommit(at(4), committed(5, more))).toBeUndefined();
  });
});
