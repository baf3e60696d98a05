import { randomUUID } from 'node:crypto';
import { type Revision, StorageError } from '@gati-framework/manifest-store';
import { conflict, type PreparedExpectation } from '@gati-framework/manifest-store/backend';
import type { CommitOutcome, EncodedCommit } from '@gati-framework/storage-kit';
import { CommitSteps } from './commit-steps.js';
import type { Connections } from './connections.js';
import type { PostgresClient, PostgresQuery } from './postgres-pool.js';
import type { Row } from './rows.js';
import type { Statements } from './statements.js';
import { isDefinite, isDuplicateOperation, isTransient } from './translate-error.js';

/** What a group of commits made of the store. */
export interface CommittedGroup {
  readonly outcomes: readonly CommitOutcome[];
  /** Identifies the group in the log; meaningless when it changed nothing. */
  readonly operation: string;
  readonly epoch: string;
  /** Revision before the first commit of the group. */
  readonly base: Revision;
  /** Operation that made `base`; null when there was none, or the database could not see it for once. */
  readonly before: string | null;
  /** Revision of its last commit; `base` when none changed anything. */
  readonly last: Revision;
  /** How many records there are more than at `base`, by kind; absent when that was lost on its way. */
  readonly added: Readonly<Record<string, number>> | undefined;
  /** There was nothing before `added`. */
  readonly cleared: boolean;
}

/** What the database says. */
interface Answer {
  readonly epoch: string;
  readonly base: Revision;
  readonly before?: string | null;
  readonly added?: Readonly<Record<string, number>> | null;
  readonly cleared?: boolean;
  /** Numbers of the commits that changed something, and their revisions; absent: all of them, in order. */
  readonly committed?: readonly number[];
  readonly revisions?: readonly Revision[];
  /** Numbers of the steps that did not hold, one for each refused commit, and what was there instead; 0 is nothing. */
  readonly missed?: readonly number[];
  readonly actual?: readonly Revision[];
}

/** Commits groups, each exactly once, also when the answer is lost on its way. */
export class Committer {
  readonly #connections: Connections;
  readonly #statements: Statements;
  readonly #lockTimeout: number;

  /** @param lockTimeout How long to wait for the commit of another, in milliseconds. */
  constructor(connections: Connections, statements: Statements, lockTimeout: number) {
    this.#connections = connections;
    this.#statements = statements;
    this.#lockTimeout = lockTimeout;
  }

  /**
   * The group is sent again under the same id until there is an answer. The
   * log holds an id once: of two attempts that reach the database, one fails.
   *
   * @param since A revision that the store has reached.
   */
  async commit(commits: readonly EncodedCommit[], since: Revision): Promise<CommittedGroup> {
    const steps = new CommitSteps(commits);
    const operation = randomUUID();
    const common = [operation, Date.now(), String(this.#lockTimeout), ...steps.toColumns()];
    const { putAll, commit } = this.#statements;
    const first = steps.isPlain ? putAll([...common, commits.length]) : commit([...common, null]);
    let isInDoubt = false;
    let lost: unknown;
    const attempt = async (client: PostgresClient): Promise<Answer> => {
      try {
        // In doubt, it also matters whether the log goes back far enough to tell.
        return await this.#send(client, isInDoubt ? commit([...common, since]) : first, operation);
      } catch (error) {
        if (!isDefinite(error)) {
          isInDoubt = true;
          lost = error;
        }
        throw error;
      }
    };
    try {
      const answer = await this.#connections.retry(
        (onUnderWay) => this.#connections.use(attempt, onUnderWay),
        (error) => error === lost || isTransient(error),
      );
      return readAnswer(answer, commits, steps, operation);
    } catch (error) {
      throw isInDoubt ? inDoubt(error as StorageError, operation) : error;
    }
  }

  async #send(client: PostgresClient, query: PostgresQuery, operation: string): Promise<Answer> {
    try {
      return await confirmed(client, async () => JSON.parse((await client.query(query)).rows[0][0]));
    } catch (error) {
      if (!isDuplicateOperation(error)) throw error;
      // An earlier attempt was committed, and its answer lost.
      return confirmed(client, async () => {
        const rows: Row[] = (await client.query(this.#statements.committed([operation]))).rows;
        const [, first, epoch] = rows[0] as [number, Revision, string];
        return {
          epoch,
          base: first - 1,
          committed: rows.map(([number]) => number as number),
          revisions: rows.map(([, revision]) => revision as Revision),
        };
      });
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
  answer: Answer,
  commits: readonly EncodedCommit[],
  steps: CommitSteps,
  operation: string,
): CommittedGroup {
  const { epoch, base, before = null, added, cleared = false } = answer;
  const committed = answer.committed ?? commits.map((_, i) => i + 1);
  const revisionOf = new Map(committed.map((number, i) => [number, answer.revisions?.[i] ?? base + i + 1]));
  const conflicts = readConflicts(answer, steps);
  let last = base;
  const outcomes = commits.map(({ changes, expect }, i): CommitOutcome => {
    const error = conflicts.get(i + 1);
    if (error !== undefined) return { error };
    if (changes.length === 0) return { revision: last };
    const revision = revisionOf.get(i + 1);
    if (revision === undefined) return { error: lostConflict(expect) };
    last = revision;
    return { revision };
  });
  return { outcomes, operation, epoch, base, before, last, added: added === null ? {} : added, cleared };
}

function readConflicts({ missed = [], actual = [] }: Answer, steps: CommitSteps): Map<number, StorageError> {
  return new Map(
    missed.map((number, i) => {
      const { commit, expectation } = steps.expectationAt(number);
      const { kind, key, revision } = expectation;
      return [commit, conflict(kind, key, revision, (actual[i] as Revision) || null)];
    }),
  );
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
