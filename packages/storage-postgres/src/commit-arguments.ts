import type { RecordKind } from '@gati-framework/manifest-store';
import { RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import type { EncodedChange, EncodedCommit, EncodedPut } from '@gati-framework/storage-kit';

/** What becomes of the record in the end, told by the last change of it in a group. */
type Effect =
  /** Stored; keeps its place in the order if it is there. */
  | 'put'
  /** Stored at a new place: it was deleted before. */
  | 'anew'
  | 'delete';

interface Row {
  readonly commit: number;
  readonly ordinal: number;
  readonly change: EncodedChange;
  effect?: Effect;
  /** Order among the records that are new, counted from the first row that stores this one. */
  place?: number;
}

export interface CommitArguments {
  /** For `commit_changes`, but for the operation's id and a revision before it. */
  readonly values: unknown[];
  /** The number under which the database knows each commit; numbers above `count` belong to those without changes. */
  readonly numbers: readonly number[];
  readonly count: number;
  /** By position of the expectation: the index of its commit, and its index there. */
  readonly expectations: readonly { readonly commit: number; readonly expectation: number }[];
}

/** Turns a group of independent commits into arrays, with a row for each change. */
export function commitArguments(commits: readonly EncodedCommit[]): CommitArguments {
  const numbers = numberCommits(commits);
  const count = commits.filter(({ changes }) => changes.length > 0).length;
  const rows: Row[] = [];
  commits.forEach(({ changes }, i) => {
    changes.forEach((change, ordinal) => {
      rows.push({ commit: numbers[i] as number, ordinal, change });
    });
  });
  const isCleared = decideEffects(rows);
  const expectations = commits.flatMap(({ expect }, commit) =>
    expect.map((expected, expectation) => ({ commit, expectation, expected })),
  );
  const column = <T>(read: (row: Row) => T): T[] => rows.map(read);
  const ofPut = <T>(read: (put: EncodedPut) => T): (T | null)[] =>
    column(({ change }) => (change.op === 'put' ? read(change) : null));
  const ofKey = <T>(read: (change: Exclude<EncodedChange, { op: 'clear' }>) => T): (T | null)[] =>
    column(({ change }) => (change.op === 'clear' ? null : read(change)));
  const ofExpected = <T>(read: (one: (typeof expectations)[number]) => T): T[] => expectations.map(read);
  return {
    values: [
      Date.now(),
      count,
      isCleared,
      column(({ commit }) => commit),
      column(({ ordinal }) => ordinal),
      column(({ change }) => change.op),
      ofKey(({ kind }) => kind),
      ofKey(({ key }) => key[0]),
      ofKey(({ key }) => key[1] ?? ''),
      ofPut(({ encoding }) => encoding),
      ofPut(({ text }) => text),
      ofPut(({ digest }) => digest),
      column(({ effect }) => effect ?? null),
      column(({ place }) => place ?? null),
      ofPut((put) => fieldOf(put, 'handlerId')),
      ofPut((put) => fieldOf(put, 'fromVersion')),
      ofPut((put) => fieldOf(put, 'toVersion')),
      ofPut(({ columns }) => columns.createdAt ?? null),
      ofExpected(({ commit }) => numbers[commit]),
      ofExpected(({ expected }) => expected.kind),
      ofExpected(({ expected }) => expected.key[0]),
      ofExpected(({ expected }) => expected.key[1] ?? ''),
      ofExpected(({ expected }) => expected.revision),
    ],
    numbers,
    count,
    expectations,
  };
}

/** Those with changes from 1 on, as they become revisions; the others after them. */
function numberCommits(commits: readonly EncodedCommit[]): number[] {
  let withChanges = 0;
  let without = commits.filter(({ changes }) => changes.length > 0).length;
  return commits.map(({ changes }) => {
    if (changes.length === 0) {
      without += 1;
      return without;
    }
    withChanges += 1;
    return withChanges;
  });
}

/** Tells each record's last row what becomes of the record. Returns whether everything from before the group goes. */
function decideEffects(rows: readonly Row[]): boolean {
  const last = new Map<string, Row>();
  let isCleared = false;
  rows.forEach((row, i) => {
    const { change } = row;
    if (change.op === 'clear') {
      for (const earlier of last.values()) delete earlier.effect;
      last.clear();
      isCleared = true;
      return;
    }
    const name = `${change.kind}\0${change.key.join('\0')}`;
    const earlier = last.get(name);
    if (change.op === 'delete') {
      row.effect = 'delete';
    } else {
      const stored = earlier?.effect === 'put' || earlier?.effect === 'anew';
      row.effect = stored ? (earlier.effect as Effect) : earlier === undefined ? 'put' : 'anew';
      row.place = stored ? (earlier.place as number) : i;
    }
    if (earlier !== undefined) delete earlier.effect;
    last.set(name, row);
  });
  return isCleared;
}

/** Of the key or of what records are looked up by; null when records of this kind have no such field there. */
function fieldOf({ kind, key, columns }: EncodedPut, field: string): string | null {
  const { keyFields, lookupFields } = RECORD_KINDS[kind as RecordKind];
  const inKey = keyFields.indexOf(field);
  if (inKey >= 0) return key[inKey] as string;
  return columns.lookup[lookupFields.indexOf(field)] ?? null;
}
