import type { Revision } from '@gati-framework/manifest-store';
import { compacted, TimeSlice, tooLargeToTell } from '@gati-framework/manifest-store/backend';
import {
  LARGEST_TOLD_COMMIT,
  type LoggedChange,
  type LoggedCommit,
  PAGE_BYTES,
} from '@gati-framework/storage-kit';
import type { ChangeFollower } from '../feed/change-follower.js';
import type { LogChange, LogCommit } from '../store/log.js';
import type { LogReader } from '../store/read-log.js';
import type { Row } from '../store/row.js';
import { type ReadText, type Texts, toStoredRecord } from './texts.js';

export interface HistorySources {
  readonly follower: ChangeFollower;
  readonly log: LogReader;
  readonly texts: Texts;
}

/** What a change of a commit weighs beside its text. */
const CHANGE_WEIGHT = 256;

/** As `RecordDriver.history` has it. */
export async function readHistory(
  { follower, log, texts }: HistorySources,
  after: Revision,
  limit: number,
): Promise<readonly LoggedCommit[]> {
  const assertKept = async (): Promise<void> => {
    await follower.refresh();
    const { tail, revision } = follower.mirror;
    if (after < tail.oldest || after > revision) throw compacted(after, tail.oldest, revision);
  };
  // What is committed later is told to the listener, who asks again then.
  if (after === follower.mirror.revision) return [];
  if (after > follower.mirror.revision || after < follower.mirror.tail.oldest) await assertKept();
  const { revision } = follower.mirror;
  const commits = await readCommits(log, after, revision, limit);
  const read = await texts.read(await rowsOf(commits));
  // What is not there any more was trimmed, unless it is damaged.
  if (commits[0]?.revision !== after + 1 || read.some(({ text }) => text === undefined)) await assertKept();
  return toLogged(commits, read);
}

/** Those that the commits put, in their order. */
async function rowsOf(commits: readonly LogCommit[]): Promise<Row[]> {
  const slice = new TimeSlice();
  const rows: Row[] = [];
  for (const { changes } of commits) {
    for (const change of changes) {
      if (slice.isOver) await slice.next();
      if (change.op === 'put') rows.push(change.row);
    }
  }
  return rows;
}

/** @param read The texts of {@link rowsOf}. */
async function toLogged(commits: readonly LogCommit[], read: readonly ReadText[]): Promise<LoggedCommit[]> {
  const slice = new TimeSlice();
  const found = read.values();
  const logged: LoggedCommit[] = [];
  for (const { changes, revision, committedAt, note } of commits) {
    const told: LoggedChange[] = [];
    for (const change of changes) {
      if (slice.isOver) await slice.next();
      told.push(toLoggedChange(change, found));
    }
    logged.push({ revision, committedAt, note, changes: told });
  }
  return logged;
}

function toLoggedChange(change: LogChange, found: Iterator<ReadText>): LoggedChange {
  if (change.op === 'clear') return { op: 'clear' };
  if (change.op === 'delete') return { op: 'delete', kind: change.kind, key: change.key };
  const { value = { row: change.row, text: undefined } } = found.next();
  const { kind, key, encoding, digest, text } = toStoredRecord(value);
  return { op: 'put', kind, key, encoding, digest, text };
}

/** At most `limit` commits, and about as many as a page holds; at least one. */
async function readCommits(
  log: LogReader,
  after: Revision,
  current: Revision,
  limit: number,
): Promise<LogCommit[]> {
  const commits: LogCommit[] = [];
  let size = 0;
  for await (const groups of log.groupsFrom(after + 1)) {
    for (const group of groups) {
      for await (const commit of log.commitsOf(group, { from: after + 1 })) {
        // The log was trimmed between two of its pages: what is missing, whoever asks again is told of.
        const isNext = commit.revision === after + commits.length + 1;
        if (commit.revision > current || (commits.length > 0 && !isNext)) return commits;
        if (commit.size > LARGEST_TOLD_COMMIT) {
          if (commits.length > 0) return commits;
          throw tooLargeToTell(commit.revision, after, current);
        }
        size += commit.size + CHANGE_WEIGHT * commit.count;
        if (commits.length > 0 && size > PAGE_BYTES) return commits;
        commits.push(commit);
        if (commits.length >= limit) return commits;
      }
    }
  }
  return commits;
}
