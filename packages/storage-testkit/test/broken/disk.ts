import type { RecordKind, RecordTypes, Revision } from '@gati-framework/manifest-store';
import type { KeyTuple, PreparedChange } from '@gati-framework/manifest-store/backend';

/** A stored record. */
export interface Row {
  readonly kind: RecordKind;
  readonly key: KeyTuple;
  value: RecordTypes[RecordKind];
  revision: Revision;
}

export interface Commit {
  readonly revision: Revision;
  readonly committedAt: number;
  readonly changes: readonly PreparedChange[];
}

/** What outlives a storage object, and what several of them may share. */
export class Disk {
  /** In first-stored order. */
  rows: Row[] = [];
  commits: Commit[] = [];
  /** Called after each commit. */
  readonly listeners: Set<() => void> = new Set();

  get revision(): Revision {
    return this.commits.length;
  }
}
