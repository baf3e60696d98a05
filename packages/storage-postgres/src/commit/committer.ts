import { randomUUID } from 'node:crypto';
import type { Revision, StorageWaits } from '@gati-framework/manifest-store';
import { timers } from '@gati-framework/manifest-store/backend';
import type { EncodedCommit } from '@gati-framework/storage-kit';
import { type Connections, noting } from '../connections/connections.js';
import type { PostgresClient } from '../connections/postgres-pool.js';
import type { Parameter } from '../connections/query.js';
import { inTransaction } from '../connections/transaction.js';
import { isDefinite, isTransient } from '../errors/conditions.js';
import { LOG_TOO_SHORT } from '../schema/step-2.js';
import { numberAt, type Row, textAt } from '../sql/row-values.js';
import { headOf } from '../sql/rows.js';
import type { Statements } from '../sql/statements.js';
import { confirmed, inDoubt } from './certainty.js';
import { type CommitAnswer, type CommittedGroup, readAnswer, readPutAnswer } from './commit-answer.js';
import { type CommitStatement, notesOf, statementFor, toArrays } from './group-parameters.js';
import { remedyFor } from './remedy.js';
import { isPut, type Step, stepsOf, valuesOf } from './steps.js';

/** A group of commits on its way. */
interface Group {
  readonly groupId: string;
  readonly committedAt: number;
  readonly commits: readonly EncodedCommit[];
  readonly steps: readonly Step[];
  readonly statement: CommitStatement;
  /** Of the steps, or of those that put, as the statement takes them. */
  readonly values: readonly Parameter[];
  /** A revision that the store had reached before the attempt that is sent with it. */
  since: Revision;
  /** Where to note how long it waited. */
  readonly waited: StorageWaits | undefined;
  /** Why nobody knows what became of an attempt. */
  lost?: unknown;
}

/** Commits groups, each exactly once, also when the answer is lost on its way. */
export class Committer {
  readonly #connections: Connections;
  readonly #statements: Statements;
  readonly #lockTimeout: string;
  /** A statement alone would not see here what others commit while it waits for them. */
  #needsTransaction = false;

  /** @param lockTimeout How long to wait for the commit of another, in milliseconds. */
  constructor(connections: Connections, statements: Statements, lockTimeout: number) {
    this.#connections = connections;
    this.#statements = statements;
    this.#lockTimeout = String(lockTimeout);
  }

  /**
   * The group is sent again under the same id until there is an answer. The
   * log holds an id once: of two attempts that reach the database, one fails.
   * One that comes when the log has been trimmed past `since` is refused, as
   * it cannot know whether another was made; also one that was held up on its
   * way until long after that.
   *
   * @param since A revision that the store has reached.
   * @param waited Where to note how long it waited, if anybody asks.
   */
  async commit(
    commits: readonly EncodedCommit[],
    since: Revision,
    waited?: StorageWaits,
  ): Promise<CommittedGroup> {
    const steps = stepsOf(commits);
    const statement = await statementFor(steps, commits);
    const sent = statement === 'commit' ? steps : steps.filter(isPut);
    const group: Group = {
      groupId: randomUUID(),
      committedAt: timers.wallClock(),
      commits,
      steps,
      statement,
      values: statement === 'putOne' ? sent.flatMap(valuesOf) : await toArrays(sent),
      since,
      waited,
    };
    const answer = await this.#untilAnswered(group);
    const committed = readAnswer(answer, commits, steps, group.groupId);
    return answer.isIncomplete === true ? this.#checkAgain(committed, commits) : committed;
  }

  async #untilAnswered(group: Group): Promise<CommitAnswer> {
    try {
      return await this.#connections.retry(
        (onUnderWay) =>
          this.#connections.use((client) => this.#attempt(client, group), noting(onUnderWay, group.waited)),
        (error) => (group.lost !== undefined && error === group.lost) || isTransient(error),
      );
    } catch (error) {
      throw group.lost === undefined ? error : inDoubt(error, group.groupId);
    }
  }

  async #attempt(client: PostgresClient, group: Group): Promise<CommitAnswer> {
    try {
      return await this.#send(client, group);
    } catch (error) {
      if (!isDefinite(error)) group.lost = error;
      throw error;
    }
  }

  async #send(client: PostgresClient, group: Group): Promise<CommitAnswer> {
    try {
      return await this.#confirmed(client, () => this.#run(client, group));
    } catch (error) {
      const attempts = { isIsolated: this.#needsTransaction, wasLost: group.lost !== undefined };
      switch (remedyFor(error, attempts)) {
        case 'isolate':
          this.#needsTransaction = true;
          return this.#send(client, group);
        case 'start-over':
          return this.#sendFromNow(client, group);
        case 'ask':
          return this.#confirmed(client, () => this.#ask(client, group));
        default:
          throw error;
      }
    }
  }

  /** No attempt can have been made, but others have committed more than the log keeps. */
  #sendFromNow(client: PostgresClient, group: Group): Promise<CommitAnswer> {
    return confirmed(client, () =>
      inTransaction(client, async () => {
        const { rows } = await client.query(this.#statements.lock([this.#lockTimeout]));
        group.since = numberAt(headOf(rows), 0);
        return this.#run(client, group);
      }),
    );
  }

  #confirmed<T>(client: PostgresClient, work: () => Promise<T>): Promise<T> {
    return confirmed(client, this.#needsTransaction ? () => inTransaction(client, work) : work);
  }

  async #run(
    client: PostgresClient,
    { statement, values, steps, commits, ...group }: Group,
  ): Promise<CommitAnswer> {
    const parameters = (ofSteps: readonly Parameter[]): Parameter[] => [
      ...[group.groupId, group.committedAt, this.#lockTimeout],
      ...ofSteps,
      group.since,
    ];
    if (statement !== 'commit') {
      const [{ note = null, expectRevision = null } = {}] = commits;
      const notes = statement === 'putOne' ? note : notesOf(commits);
      const put = this.#statements[statement]([...parameters(values), commits.length, notes, expectRevision]);
      const { rows } = await client.query(put);
      if (rows.length > 0) return readPutAnswer(rows[0]);
    }
    const arrays = statement === 'commit' ? values : await toArrays(steps);
    const { rows } = await client.query(this.#statements.commit(parameters(arrays)));
    return JSON.parse(rows[0][0]);
  }

  async #ask(client: PostgresClient, { groupId }: Group): Promise<CommitAnswer> {
    const query = this.#statements.committed([groupId, this.#lockTimeout]);
    const rows: Row[] = (await client.query(query)).rows;
    const [first] = rows;
    if (first === undefined) throw logTooShort();
    return {
      epoch: textAt(first, 2),
      base: numberAt(first, 1) - 1,
      committed: rows.map((row) => numberAt(row, 0)),
      revisions: rows.map((row) => numberAt(row, 1)),
      isIncomplete: true,
    };
  }

  /** What was found of commits that only check is lost with the answer; they can be made again, as they change nothing. */
  async #checkAgain(group: CommittedGroup, commits: readonly EncodedCommit[]): Promise<CommittedGroup> {
    const isCheck = ({ changes, expect, expectRevision }: EncodedCommit): boolean =>
      changes.length === 0 && (expect.length > 0 || expectRevision !== undefined);
    const checks = commits.filter(isCheck);
    if (checks.length === 0) return group;
    const again = (await this.commit(checks, group.last)).outcomes.values();
    const outcomes = group.outcomes.map((outcome, i) => {
      const commit = commits[i];
      return commit !== undefined && isCheck(commit) ? (again.next().value ?? outcome) : outcome;
    });
    return { ...group, outcomes };
  }
}

/** An attempt was made, and trimmed away before it could be asked which revisions it has. */
function logTooShort(): Error {
  return Object.assign(new Error('the log does not go back to the commit'), { code: LOG_TOO_SHORT });
}
