import { randomUUID } from 'node:crypto';
import { timers } from '@gati-framework/manifest-store/backend';
import type { CommitTerms, EncodedChange, EncodedCommit } from '@gati-framework/storage-kit';
import type { PostgresClient, PostgresQuery } from '../connections/postgres-pool.js';
import type { Parameter } from '../connections/query.js';
import type { Statements } from '../sql/statements.js';
import { type CommitAnswer, type CommittedGroup, readAnswer, readPutAnswer } from './commit-answer.js';
import { hasRecordTwice, notesOf, toArrays } from './group-parameters.js';
import { isPut, type Step, termsOf } from './steps.js';

/** Each of its statements is sent once, so there is no earlier attempt that a log might have forgotten. */
const SINCE = Number.MAX_SAFE_INTEGER;

/** One commit of which the changes are sent in batches, in a transaction that is open. */
export class ChangeStream {
  readonly operation: string = randomUUID();
  readonly #committedAt = timers.wallClock();
  readonly #client: PostgresClient;
  readonly #statements: Statements;
  readonly #terms: CommitTerms;
  readonly #lockTimeout: string;
  #added: Record<string, number> = {};
  #cleared = false;
  #changeCount = 0;

  constructor(client: PostgresClient, statements: Statements, terms: CommitTerms, lockTimeout: string) {
    this.#client = client;
    this.#statements = statements;
    this.#terms = terms;
    this.#lockTimeout = lockTimeout;
  }

  get changeCount(): number {
    return this.#changeCount;
  }

  /** Locks the store, and says whether the terms hold, and where it is. */
  async begin(): Promise<CommittedGroup> {
    const steps = termsOf(this.#terms, 1, false);
    return readAnswer(await this.#call(steps), [this.#withoutChanges], steps, this.operation);
  }

  async add(changes: readonly EncodedChange[]): Promise<void> {
    const isFirst = this.#changeCount === 0;
    const { added, cleared } = await (isFirst ? this.#first(changes) : this.#more(changes));
    this.#changeCount += changes.length;
    if (cleared === true) {
      this.#cleared = true;
      this.#added = {};
    }
    for (const [kind, count] of Object.entries(added ?? {})) {
      this.#added[kind] = (this.#added[kind] ?? 0) + count;
    }
  }

  /** What the commit makes of the store that it began with. */
  madeOf(begun: CommittedGroup): CommittedGroup {
    const revision = begun.base + 1;
    return { ...begun, outcomes: [{ revision }], last: revision, added: this.#added, cleared: this.#cleared };
  }

  get #withoutChanges(): EncodedCommit {
    return { ...this.#terms, changes: [] };
  }

  async #first(changes: readonly EncodedChange[]): Promise<CommitAnswer> {
    const puts = await distinctPuts(changes);
    const { note } = this.#terms;
    if (puts === undefined)
      return this.#call([...termsOf({ expect: [], note }, 1, true), ...toSteps(changes)]);
    const notes = notesOf([this.#withoutChanges]);
    const values = [...this.#parameters(await toArrays(puts)), SINCE, 1, notes, null];
    return readPutAnswer((await this.#query(this.#statements.putAll(values))).rows[0]);
  }

  async #more(changes: readonly EncodedChange[]): Promise<CommitAnswer> {
    const puts = await distinctPuts(changes);
    if (puts === undefined) return this.#call([{ commit: 1, resume: true }, ...toSteps(changes)]);
    const values = [...this.#parameters(await toArrays(puts)), this.#changeCount];
    return readPutAnswer((await this.#query(this.#statements.putMore(values))).rows[0]);
  }

  async #call(steps: readonly Step[]): Promise<CommitAnswer> {
    const values = [...this.#parameters(await toArrays(steps)), SINCE];
    const { rows } = await this.#query(this.#statements.commit(values));
    return JSON.parse(rows[0][0]);
  }

  #parameters(arrays: readonly Parameter[]): Parameter[] {
    return [this.operation, this.#committedAt, this.#lockTimeout, ...arrays];
  }

  /** Not under a name: there is no other connection to turn to when the session has forgotten what it means. */
  #query({ name: _, ...query }: PostgresQuery): ReturnType<PostgresClient['query']> {
    return this.#client.query(query);
  }
}

function toSteps(changes: readonly EncodedChange[]): Step[] {
  return changes.map((change) => ({ commit: 1, change }));
}

/** The changes, if one statement can make them all. */
async function distinctPuts(changes: readonly EncodedChange[]): Promise<Step[] | undefined> {
  const puts = toSteps(changes).filter(isPut);
  const isAll = puts.length === changes.length && !(await hasRecordTwice(puts));
  return isAll ? puts : undefined;
}
