import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import type { KeyTuple } from '@gati-framework/manifest-store/backend';
import type { Row, WrittenRow } from './row.js';
import { readRow, writeRow } from './row.js';

/** A change as the log tells it, with what it replaced: an earlier moment is the present with the later changes undone. */
export type LogChange =
  | { readonly op: 'put'; readonly row: Row; readonly was: Row | undefined }
  | {
      readonly op: 'delete';
      readonly kind: RecordKind;
      readonly key: KeyTuple;
      readonly was: Row | undefined;
    }
  | { readonly op: 'clear'; readonly was: readonly Row[] };

export interface LogCommit {
  readonly revision: Revision;
  readonly committedAt: number;
  readonly note: string | undefined;
  /** How many changes it has. */
  readonly count: number;
  /** Of the texts that it put, in UTF-16 code units. */
  readonly size: number;
  /** The first of them, or all. */
  readonly changes: readonly LogChange[];
}

/** Commits that were made in one transaction. */
export interface LogGroup {
  /** Stands first in what is written, as transactions compare it. */
  readonly id: string;
  /** The group before it; empty where there is none. */
  readonly previous: string;
  readonly first: Revision;
  readonly last: Revision;
  /** How many changes there ever were, after it. */
  readonly changes: number;
}

/** What stands at the key of a group: all of it, or in how many parts the rest is. */
export interface WrittenGroup extends LogGroup {
  readonly parts: number;
  /** Tells its parts from those of earlier attempts to make the same group. */
  readonly attempt: number;
  readonly commits: readonly WrittenCommit[];
}

/** A part of a commit: its changes go on in the next one that has the same revision. */
export interface WrittenCommit {
  /** Revision. */
  readonly r: Revision;
  /** When it was committed. */
  readonly t: number;
  /** Note. */
  readonly n?: string;
  /** Count and size of the whole. */
  readonly c: number;
  readonly s: number;
  readonly x: readonly WrittenChange[];
}

/** Put, delete, clear, and the rest of what the clear before it took. */
export type WrittenChange =
  | readonly ['p', RecordKind, KeyTuple, WrittenRow, WrittenRow?]
  | readonly ['d', RecordKind, KeyTuple, WrittenRow?]
  | readonly ['c' | 'm', readonly (readonly [RecordKind, KeyTuple, WrittenRow])[]];

/** Most rows of a clear that stand in one piece. */
const CLEARED_AT_ONCE = 200;

export function* writeChange(change: LogChange): Generator<WrittenChange> {
  if (change.op === 'put') {
    const { row, was } = change;
    yield was === undefined
      ? ['p', row.kind, row.key, writeRow(row)]
      : ['p', row.kind, row.key, writeRow(row), writeRow(was)];
  } else if (change.op === 'delete') {
    const { kind, key, was } = change;
    yield was === undefined ? ['d', kind, key] : ['d', kind, key, writeRow(was)];
  } else {
    const { was } = change;
    for (let i = 0; i === 0 || i < was.length; i += CLEARED_AT_ONCE) {
      const rows = was.slice(i, i + CLEARED_AT_ONCE);
      yield [i === 0 ? 'c' : 'm', rows.map((row) => [row.kind, row.key, writeRow(row)] as const)];
    }
  }
}

/** Reads the changes of a commit, one after the other. */
export class ChangeReader {
  readonly changes: LogChange[] = [];
  /** What the last clear took, as far as it was read. */
  #cleared: Row[] = [];

  add(written: WrittenChange): void {
    switch (written[0]) {
      case 'p': {
        const [, kind, key, row, was] = written;
        this.changes.push({ op: 'put', row: readRow(kind, key, row), was: was && readRow(kind, key, was) });
        return;
      }
      case 'd': {
        const [, kind, key, was] = written;
        this.changes.push({ op: 'delete', kind, key, was: was && readRow(kind, key, was) });
        return;
      }
      case 'c':
        this.#cleared = readCleared(written[1]);
        this.changes.push({ op: 'clear', was: this.#cleared });
        return;
      default:
        for (const row of readCleared(written[1])) this.#cleared.push(row);
    }
  }
}

function readCleared(rows: readonly (readonly [RecordKind, KeyTuple, WrittenRow])[]): Row[] {
  return rows.map(([kind, key, row]) => readRow(kind, key, row));
}

/** The rows that a change replaced, and nobody needs once it is forgotten. */
export function replacedBy(change: LogChange): readonly Row[] {
  if (change.op === 'clear') return change.was;
  return change.was === undefined ? [] : [change.was];
}
