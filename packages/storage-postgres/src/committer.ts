import { randomUUID } from 'node:crypto';
import { type Revision, StorageError } from '@gati-framework/manifest-store';
import { conflict, type PreparedExpectation } from '@gati-framework/manifest-store/backend';
import type { CommitOutcome, EncodedCommit, StoreState } from '@gati-framework/storage-kit';
import { type CommitArguments, commitArguments } from './commit-arguments.js';
import type { Connections } from './connections.js';
import type { PostgresClient } from './postgres-pool.js';
import { readIntegers } from './query.js';
import { type Row, toStoreState } from './rows.js';
import type { Statements } from './statements.js';
import { isDefinite } from './translate-error.js';

/** What a group of commits made of the store. */
export interface CommittedGroup {
  readonly outcomes: readonly CommitOutcome[];
  /** Identifies the group in the log; meaningless when it changed nothing. */
  readonly operation: string;
  readonly epoch: string;
  /** Revision before the first commit of the group. */
  readonly base: Revision;
  /** Revision of its last commit; `base` when none changed anything. */
  readonly last: Revision;
  readonly state: StoreState;
}

/** Commits groups, each exactly once, also when the answer is lost on its way. */
export class Committer {
  readonly #connections: Connections;
  readonly #statements: Statements;

  constructor(connections: Connections, statements: Statements) {
    this.#connections = connections;
    this.#statements = statements;
  }

  /**
   * The group is sent again under the same id until there is an answer; the
   * database does what it has not done yet, and tells what it has.
   *
   * @param commits Independent of each other.
   * @param since A revision that the store has reached.
   */
  async commit(commits: readonly EncodedCommit[], since: Revision): Promise<CommittedGroup> {
    const args = commitArguments(commits);
    const operation = randomUUID();
    const query = this.#statements.commit([operation, since, ...args.values]);
    let isInDoubt = false;
    try {
      const row = await this.#connections.retry(() =>
        this.#connections.use(async (client) => {
          try {
            return await confirmed(client, async () => (await client.query(query)).rows[0] as Row);
          } catch (error) {
            isInDoubt ||= !isDefinite(error);
            throw error;
          }
        }),
      );
      return readAnswer(row, commits, args, operation);
    } catch (error) {
      throw isInDoubt ? inDoubt(error as StorageError, operation) : error;
    }
  }
}

/**
 * Runs a commit and believes it only if the standbys that the server is set to
 * wait for have it: when that wait is cancelled, the server says so in a
 * warning, and that the commit succeeded.
 */
async function confirmed<T>(client: PostgresClient, work: () => Promise<T>): Promise<T> {
  let isUnreplicated = false;
  const listen = (notice: { routine?: string }): void => {
    if (notice.routine === 'SyncRepWaitForLSN') isUnreplicated = true;
  };
  client.on('notice', listen);
  try {
    const result = await work();
    if (!isUnreplicated) return result;
  } finally {
    client.removeListener('notice', listen);
  }
  const reason = 'Connection terminated: the wait for a synchronous standby was cancelled';
  throw Object.assign(new Error(reason), { code: '08006' });
}

function readAnswer(
  row: Row,
  commits: readonly EncodedCommit[],
  args: CommitArguments,
  operation: string,
): CommittedGroup {
  const [epoch, base, lastOfStore, refusedNumbers, missed, actual, kinds, counts] = row as [
    string,
    number,
    number,
    ...(string | null)[],
  ];
  const refused = new Set(readIntegers(refusedNumbers as string | null));
  const conflicts = readConflicts(missed as string | null, actual as string | null, commits, args);
  let last = base;
  const outcomes = commits.map(({ changes, expect }, i): CommitOutcome => {
    if (refused.has(args.numbers[i] as number)) return { error: conflicts.get(i) ?? lostConflict(expect) };
    if (changes.length > 0) last += 1;
    return { revision: last };
  });
  const state = toStoreState(lastOfStore, kinds as string | null, counts as string | null);
  return { outcomes, operation, epoch, base, last, state };
}

/** The first expectation of each commit that did not hold, as an error. */
function readConflicts(
  missed: string | null,
  actual: string | null,
  commits: readonly EncodedCommit[],
  { expectations }: CommitArguments,
): Map<number, StorageError> {
  const revisions = readIntegers(actual);
  const conflicts = new Map<number, StorageError>();
  readIntegers(missed).forEach((position, i) => {
    const { commit, expectation } = expectations[position - 1] as (typeof expectations)[number];
    if (conflicts.has(commit)) return;
    const { kind, key, revision } = (commits[commit] as EncodedCommit).expect[
      expectation
    ] as PreparedExpectation;
    conflicts.set(commit, conflict(kind, key, revision, (revisions[i] as number) || null));
  });
  return conflicts;
}

/** For a commit whose refusal was lost on its way: what did not hold then may hold now. */
function lostConflict([first]: readonly PreparedExpectation[]): StorageError {
  const { kind, key, revision } = first as PreparedExpectation;
  return new StorageError(
    'STORAGE_CONFLICT',
    'An expectation of this commit did not hold; nothing was changed. Read the records again and decide anew.',
    { details: { kind, key, expected: revision } },
  );
}

function inDoubt(cause: StorageError, operation: string): StorageError {
  return new StorageError(
    'STORAGE_IN_DOUBT',
    `The connection was lost during a commit, and the server could not be asked whether it was made: ${cause.message} ` +
      'Read what you wrote before you write it again.',
    { cause, details: { operation } },
  );
}
