import type { Revision } from '@gati-framework/manifest-store';

/** A point in the history of a store: up to here everything is known. */
export interface Cursor {
  readonly epoch: string;
  readonly revision: Revision;
  /** Id of the group that made the revision; a restored backup can have the same revision, and not this. */
  readonly groupId: string | null;
}

/** What a store says about its history. */
export interface History {
  readonly epoch: string;
  readonly revision: Revision;
  /** Of the commit at the revision that is known; null when the log does not go back to it. */
  readonly groupIdAtKnown: string | null;
  /** A standby may be behind what is known, and have more of the same history soon. */
  readonly isStandby: boolean;
}

/** Whether the history goes on from what is known, or is another one: restored, exchanged, or with commits lost. */
export function isSameHistory(known: Cursor, history: History): boolean {
  const { epoch, revision, groupIdAtKnown, isStandby } = history;
  return (
    epoch === known.epoch &&
    (revision >= known.revision || isStandby) &&
    (groupIdAtKnown === null || groupIdAtKnown === known.groupId)
  );
}
