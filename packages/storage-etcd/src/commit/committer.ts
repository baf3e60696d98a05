import { randomBytes } from 'node:crypto';
import { timers } from '@gati-framework/manifest-store/backend';
import type { CommitAnswer, CommitTerms, EncodedChange, EncodedCommit } from '@gati-framework/storage-kit';
import type { EtcdClient } from '../client/etcd-client.js';
import { isOverQuota, isUnknown } from '../client/grpc-error.js';
import type { ChangeFollower, Question } from '../feed/change-follower.js';
import { ChangedRecords } from '../feed/store-mirror.js';
import { writeEnd } from '../store/ends.js';
import { nameOfParts, type StoreKeys } from '../store/keys.js';
import { isInLog } from '../store/read-log.js';
import { writeLog } from '../store/write-log.js';
import { toStorageError } from '../translate-error.js';
import type { Compare } from '../wire/compare.js';
import type { Operation, TxnAnswer, TxnRequest } from '../wire/messages.js';
import { inDoubt, overtaken } from './commit-errors.js';
import { nest, REQUEST_BYTES, weigh } from './operations.js';
import { type Plan, planCommits } from './plan.js';
import type { PlannedCommit } from './planned-commit.js';
import { refusedTexts, textPuts } from './puts.js';
import { Stage, tooSlow } from './staging.js';
import { takeBatches } from './written-changes.js';

type OnCommitted = ((answer: CommitAnswer) => void) | undefined;

/** A plan, and the head that it was made for. */
interface Attempt {
  readonly plan: Plan;
  readonly headMod: number;
  readonly number: number;
}

/** A group of commits on its way. */
interface Group {
  readonly id: string;
  commits: readonly PlannedCommit[];
  /** Where it is too large for one transaction; its texts are there already. */
  stage: Stage | undefined;
  /** Why nobody knows whether it was made. */
  lost: unknown;
}

/** A transaction that etcd did not carry out, and what it was asked for in that case. */
interface Refused {
  readonly question: Question;
  readonly answer: TxnAnswer;
}

/** How often the same transaction is sent where nobody knows what became of it, each time for as long as calls go on trying. */
const MOST_SENT = 3;
/** The longest pause after a lost race, in milliseconds. */
const LONGEST_PAUSE = 50;

export interface CommitterOptions {
  readonly lockTimeout: number;
}

/** Commits groups, each as one transaction of etcd, and exactly once, also when the answer is lost on its way. */
export class Committer {
  readonly #client: EtcdClient;
  readonly #keys: StoreKeys;
  readonly #follower: ChangeFollower;
  readonly #lockTimeout: number;

  constructor(
    client: EtcdClient,
    keys: StoreKeys,
    follower: ChangeFollower,
    { lockTimeout }: CommitterOptions,
  ) {
    this.#client = client;
    this.#keys = keys;
    this.#follower = follower;
    this.#lockTimeout = lockTimeout;
  }

  /**
   * What the commits come to is decided on the mirror, and made by a transaction that etcd carries out only if the head
   * is still the one they were decided for: so it is right, or has to be decided anew. As every transaction writes the
   * head, one that is sent again, or comes late, does nothing when it was made before.
   */
  commit(commits: readonly EncodedCommit[], onCommitted?: OnCommitted): Promise<CommitAnswer> {
    return this.#asGroup(async (group) => {
      group.commits = commits;
      return this.#untilMade(group, onCommitted);
    });
  }

  /** As {@link commit}, of one commit whose changes come in batches. Others may commit meanwhile: it is decided at the end. */
  commitStream(
    batches: AsyncIterable<readonly EncodedChange[]>,
    terms: CommitTerms,
    onCommitted?: OnCommitted,
  ): Promise<CommitAnswer> {
    return this.#asGroup(async (group) => {
      group.commits = [{ ...terms, changes: [] }];
      await this.#follower.refresh();
      const { plan } = await this.#plan(group, 0);
      if (plan.outcomes.some(({ error }) => error !== undefined)) return this.#answer(plan, onCommitted);
      const changes = await takeBatches(batches, this.#keys, () => this.#begin(group));
      group.commits = [{ ...terms, changes }];
      return this.#untilMade(group, onCommitted);
    });
  }

  async #asGroup(make: (group: Group) => Promise<CommitAnswer>): Promise<CommitAnswer> {
    const group: Group = {
      id: randomBytes(12).toString('base64url'),
      commits: [],
      stage: undefined,
      lost: undefined,
    };
    const { mirror } = this.#follower;
    mirror.await(group.id);
    try {
      return await make(group);
    } catch (error) {
      // The last transaction of a stage may still be made where its fate is unknown.
      if (group.stage !== undefined && group.lost === undefined) await group.stage.drop().catch(() => {});
      throw toStorageError(error);
    } finally {
      mirror.forget(group.id);
    }
  }

  async #untilMade(group: Group, onCommitted: OnCommitted): Promise<CommitAnswer> {
    const deadline = timers.now() + this.#lockTimeout;
    let isRefreshed = false;
    for (let number = 1; ; number += 1) {
      const attempt = await this.#plan(group, number);
      const { plan } = attempt;
      if (plan.commits.length === 0) {
        // It changes nothing, so nothing but a question says whether it was decided for what is there.
        if (isRefreshed) {
          await group.stage?.drop();
          return this.#answer(plan, onCommitted);
        }
        await this.#follower.refresh();
        isRefreshed = true;
        continue;
      }
      const answer = await this.#try(group, attempt, onCommitted);
      if (answer !== undefined) return answer;
      isRefreshed = true;
      if (timers.now() >= deadline) throw overtaken(this.#lockTimeout);
      await timers.sleep(Math.random() * Math.min(LONGEST_PAUSE, 2 ** number));
    }
  }

  #plan({ id, commits }: Group, number: number): Promise<Attempt> {
    const { mirror } = this.#follower;
    return mirror.exclusively(async () => {
      const { headMod } = mirror;
      return { plan: await planCommits(commits, id, mirror.head, mirror.index), headMod, number };
    });
  }

  /** Whether it was made; otherwise the mirror knows by whom it was overtaken. */
  async #try(group: Group, attempt: Attempt, onCommitted: OnCommitted): Promise<CommitAnswer | undefined> {
    const { reloads } = this.#follower;
    for (let sent = 1; ; sent += 1) {
      const question = this.#follower.question();
      let refusal: unknown;
      const answer = await this.#send(group, attempt, question).catch((error: unknown) => {
        if (isOverQuota(error)) refusal = error;
        if (group.lost === undefined) throw error;
        return undefined;
      });
      if (answer?.succeeded === true) return this.#note(attempt, answer.revision, onCommitted);
      if (await this.#isMade(group, reloads, answer && { question, answer }))
        return this.#answer(attempt.plan, onCommitted);
      if (refusal !== undefined && refusal === group.lost) {
        group.lost = undefined;
        throw refusal;
      }
      const isOvertaken = answer !== undefined || this.#follower.mirror.headMod !== attempt.headMod;
      if (isOvertaken) {
        // The head is no longer the one that the transaction compares, so it can never be made.
        group.lost = undefined;
        if (answer !== undefined) assertStaged(group, answer);
        return undefined;
      }
      // Nobody knows whether it is still on its way. Sent again, it is made once all the same, or refused.
      if (sent === MOST_SENT) throw inDoubt(group.lost, group.id);
    }
  }

  /**
   * Looks in the log whether the group was made after all.
   *
   * @param refused What a transaction that was refused has told of the log, if it was.
   */
  async #isMade(group: Group, reloads: number, refused: Refused | undefined): Promise<boolean> {
    const follower = this.#follower;
    try {
      if (refused === undefined) await follower.refresh();
      else await follower.take(refused.question, refused.answer.ranges, refused.answer.revision);
    } catch (error) {
      throw group.lost === undefined ? error : inDoubt(group.lost, group.id);
    }
    if (follower.mirror.hasApplied(group.id)) return true;
    if (group.lost !== undefined && follower.reloads !== reloads) throw inDoubt(group.lost, group.id);
    return false;
  }

  /** Takes note of a commit of this process in the step in which others may see it. */
  async #note({ plan }: Attempt, headMod: number, onCommitted: OnCommitted): Promise<CommitAnswer> {
    const { mirror } = this.#follower;
    const isNoted = await mirror.exclusively(async () => {
      if (mirror.revision >= plan.group.last) return true;
      if (mirror.revision !== plan.group.first - 1) return false;
      await mirror.apply(plan.group, plan.commits, new ChangedRecords());
      mirror.noteHead(plan.head, headMod, headMod);
      this.#answer(plan, onCommitted);
      return true;
    });
    if (!isNoted) await this.#follower.refresh().catch(() => {}); // it is made, whatever is known of the rest
    return this.#answer(plan, onCommitted);
  }

  #answer({ outcomes }: Plan, onCommitted: OnCommitted): CommitAnswer {
    const answer = { outcomes, state: this.#follower.mirror.state };
    onCommitted?.(answer);
    return answer;
  }

  /** @param question What is asked where the head is another one, as whoever is overtaken needs to know what came. */
  async #send(
    group: Group,
    { plan, headMod, number }: Attempt,
    { operations: news }: Question,
  ): Promise<TxnAnswer> {
    const { group: log, parts } = await writeLog(plan.group, plan.commits, number);
    const name = nameOfParts(group.id, number);
    const head: Operation = { op: 'put', key: this.#keys.head, value: writeEnd(plan.head) };
    const entry: Operation = { op: 'put', key: this.#keys.group(plan.group.last), value: log };
    const partPuts = parts.map(
      (value, i): Operation => ({ op: 'put', key: this.#keys.part(name, i), value }),
    );
    const { first, previous } = plan.group;
    const compare: Compare[] = [
      { key: this.#keys.head, target: 'modRevision', is: 'equal', value: headMod },
      ...isInLog(this.#keys, { last: first - 1, id: previous }),
    ];
    const whole = group.stage === undefined ? this.#whole(plan, [head, entry, ...partPuts]) : undefined;
    if (whole !== undefined) return this.#make(group, { compare, success: nest(whole), failure: news });
    const stage = await this.#staged(group, plan);
    await stage.seal(name, partPuts);
    const success = nest([head, entry, ...stage.end, ...refusedTexts(plan, this.#keys)]);
    const failure: Operation[] = [...news, { op: 'range', key: stage.condition.key }];
    return this.#make(group, { compare: [...compare, stage.condition], success, failure });
  }

  /** The one transaction of which it must be known whether it was carried out; others only write what is still to be pointed to. */
  async #make(group: Group, request: TxnRequest): Promise<TxnAnswer> {
    const note = (error: unknown): void => {
      if (isUnknown(error) || isOverQuota(error)) group.lost ??= error;
    };
    try {
      return await this.#client.txn(request, note);
    } catch (error) {
      note(error);
      throw error;
    }
  }

  /** All that a transaction writes, if it is not too much for one. */
  #whole(plan: Plan, log: readonly Operation[]): readonly Operation[] | undefined {
    const operations = [...log];
    let bytes = log.reduce((sum, operation) => sum + weigh(operation), 0);
    for (const put of textPuts(plan, this.#keys, 'made')) {
      operations.push(put);
      bytes += weigh(put);
      if (bytes > REQUEST_BYTES) return undefined;
    }
    return bytes > REQUEST_BYTES ? undefined : operations;
  }

  async #staged(group: Group, plan: Plan): Promise<Stage> {
    if (group.stage !== undefined) return group.stage;
    const stage = this.#begin(group);
    await stage.write(textPuts(plan, this.#keys, 'all'));
    return stage;
  }

  #begin(group: Group): Stage {
    const stage = new Stage(this.#client, this.#keys, group.id);
    group.stage = stage;
    return stage;
  }
}

/** Throws where the stage is gone. Whether it is there is asked last. */
function assertStaged({ stage }: Group, { ranges }: TxnAnswer): void {
  if (stage !== undefined && ranges.at(-1)?.kvs.length === 0) throw tooSlow();
}
