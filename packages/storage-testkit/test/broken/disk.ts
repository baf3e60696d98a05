import type { RecordKind, RecordTypes, Revision } from '@gati-framework/manifest-store';
import type { KeyTuple, PreparedChange } from '@gati-framework/manifest-store/backend';

/** A stored record. */
export interface Row {
  readonly kind: RecordKind;
  readonly key: KeyTuple;
  value: RecordTypes[RecordKind];
  revision: Revision;
  /** Somebody changed the value behind the back of whoever stored it; a checksum would tell. */
  isDamaged?: boolean;
}

export interface Commit {
  readonly revision: Revision;
  readonly committedAt: number;
  readonly note: string | undefined;
  readonly changes: readonly PreparedChange[];
}

/** What outlives a storage object, and what several of them may share. */
export class Disk {
  /** In first-stored order. */
  rows: Row[] = [];
  commits: Commit[] = [];
  /** The records as they were at each revision that is kept. */
  moments: Map<Revision, readonly Row[]> = new Map([[0, []]]);
  /** Called after each commit. */
  readonly listeners: Set<() => void> = new Set();

  /** Commits at the front that are no longer kept. */
  dropped = 0;
  /** Nobody can open it. */
  isBlocked = false;

  get revision(): Revision {
    return this.dropped + this.commits.length;
  }

  /** What a restart finds. */
  copy(): Disk {
    const copy = new Disk();
    copy.rows = this.rows.map((row) => ({ ...row }));
    copy.commits = [...this.commits];
    copy.moments = new Map(this.moments);
    copy.dropped = this.dropped;
    return copy;
  }

  damage(kind: RecordKind, key: KeyTuple): void {
    const row = this.rows.find((one) => one.kind === kind && one.key.join('\0') === key.join('\0'));
    if (row === undefined) throw new Error(`there is no ${kind} to damage`);
    row.value = Object.assign({ ...row.value }, { spoilt: 1 });
    row.isDamaged = true;
  }
}
