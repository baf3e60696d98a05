import { StorageError } from '@gati-framework/manifest-store';
import { type Timer, timers } from '@gati-framework/manifest-store/backend';
import type { EtcdClient } from '../client/etcd-client.js';
import type { StoreKeys } from '../store/keys.js';
import type { Compare } from '../wire/compare.js';
import type { Operation } from '../wire/messages.js';
import { inRequests, nest } from './operations.js';

/** After so long without a sign of life, a commit that was staged is swept away, in seconds. */
export const LIFETIME = 60;
/** A sign of life at least every so often, in milliseconds. */
const SIGN = (LIFETIME * 1_000) / 4;
/** Others may commit between the question where the store is and the answer; so often it is asked again. */
const MOST_BEGINNINGS = 100;
const PRESENT = Buffer.from('1');
/** Most groups that are looked at, each time. */
const MOST_STAGES = 1_000;
/** So many requests are under way at once. */
const AT_ONCE = 4;

/**
 * A commit that is too large for one transaction: what nobody can see yet is written first, and the last transaction
 * only points to it. `stage/<group>` says that there is something; without `alive/<group>`, which vanishes with a
 * lease, whoever comes by sweeps it away. The last transaction needs the stage, so it cannot be made after that.
 */
export class Stage {
  readonly #client: EtcdClient;
  readonly #keys: StoreKeys;
  /** Of which group it is. */
  readonly group: string;
  #signed = Number.NEGATIVE_INFINITY;
  /** How many keys of texts were written. */
  #texts = 0;
  /** Counts how often it was sealed: what its key holds. */
  #seals = 0;

  constructor(client: EtcdClient, keys: StoreKeys, group: string) {
    this.#client = client;
    this.#keys = keys;
    this.group = group;
  }

  /** It was not swept away. */
  get #isThere(): Compare {
    return isStaged(this.#keys, this.group);
  }

  /** What must hold when the commit is made: all is there that was {@link seal}ed. */
  get condition(): Compare {
    return { key: this.#keys.stage(this.group), target: 'value', is: 'equal', value: String(this.#seals) };
  }

  /** What the commit does with it. */
  get end(): readonly Operation[] {
    return [
      { op: 'delete', key: this.#keys.stage(this.group) },
      { op: 'delete', key: this.#keys.alive(this.group) },
    ];
  }

  /** Writes texts in any order, each once, in as many transactions as it takes. */
  async write(texts: Iterable<Operation>): Promise<void> {
    this.#texts += await this.#write(texts);
  }

  /**
   * Writes the log of an attempt, and sees that all is there: of what was written while a snapshot was taken that was restored
   * since, a part is not.
   *
   * @param name As {@link nameOfParts} has it.
   */
  async seal(name: string, parts: readonly Operation[]): Promise<void> {
    await this.#write(parts);
    this.#seals += 1;
    const { ranges } = await this.#client.txn({
      compare: [this.#isThere],
      success: [
        { op: 'range', ...this.#keys.texts(this.group), countOnly: true },
        { op: 'range', ...this.#keys.partsFrom(name, 0), countOnly: true },
        { op: 'put', key: this.#keys.stage(this.group), value: Buffer.from(String(this.#seals)) },
      ],
    });
    const [texts, log] = ranges;
    if (texts?.count !== this.#texts || log?.count !== parts.length) throw tooSlow();
  }

  /**
   * Gives signs of life from now on, also while there is nothing to write; they keep no process alive.
   *
   * @returns What ends that.
   */
  attend(): () => void {
    let isOver = false;
    let timer: Timer | undefined;
    const again = (): void => {
      if (isOver) return;
      // Where one fails, what is written next finds out whether the stage is still there.
      timer = timers.setTimeout(() => void this.#sign().then(again, again), SIGN);
      timer.unref?.();
    };
    again();
    return () => {
      isOver = true;
      timers.clearTimeout(timer);
    };
  }

  /** Takes everything back that was written, unless the commit was made after all. */
  async drop(): Promise<void> {
    await this.#client.txn({ compare: [this.#isThere], success: sweep(this.#keys, this.group) });
  }

  /** How many there were. */
  async #write(operations: Iterable<Operation>): Promise<number> {
    const requests = inRequests(operations);
    let count = 0;
    const work = async (): Promise<void> => {
      for (const request of requests) {
        await this.#sign();
        const { succeeded } = await this.#client.txn({ compare: [this.#isThere], success: nest(request) });
        if (!succeeded) throw tooSlow();
        count += request.length;
      }
    };
    await this.#sign();
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return count;
  }

  async #sign(): Promise<void> {
    const now = timers.now();
    if (now - this.#signed < SIGN) return;
    const isFirst = this.#signed === Number.NEGATIVE_INFINITY;
    this.#signed = now;
    const lease = await this.#client.lease(LIFETIME);
    const alive: Operation = { op: 'put', key: this.#keys.alive(this.group), value: PRESENT, lease };
    if (isFirst) await this.#begin(alive);
    else await this.#client.txn({ success: [alive] });
  }

  /**
   * The stage depends on where the store is now. A request that is held up on its way, and sent again meanwhile, cannot
   * bring the stage back once the commit is made: what it points to would be swept away.
   */
  async #begin(alive: Operation): Promise<void> {
    const stage: Operation = { op: 'put', key: this.#keys.stage(this.group), value: Buffer.from('0') };
    for (let attempt = 0; attempt < MOST_BEGINNINGS; attempt += 1) {
      const [head] = (await this.#client.range({ key: this.#keys.head })).kvs;
      const isThere: Compare = {
        key: this.#keys.head,
        target: 'modRevision',
        is: 'equal',
        value: head?.modRevision ?? 0,
      };
      const { succeeded } = await this.#client.txn({ compare: [isThere], success: [alive, stage] });
      if (succeeded) return;
    }
    throw tooSlow();
  }
}

/** A stage that is not there. */
export function tooSlow(): StorageError {
  return new StorageError(
    'STORAGE_UNAVAILABLE',
    'The commit is too large for one transaction of etcd, and what was written of it in advance was swept away or never ' +
      'begun, as the cluster is too slow or too busy. Nothing of it was stored; try again.',
  );
}

function isStaged(keys: StoreKeys, group: string): Compare {
  return { key: keys.stage(group), target: 'version', is: 'greater', value: 0 };
}

function sweep(keys: StoreKeys, group: string): readonly Operation[] {
  return [
    { op: 'delete', ...keys.texts(group) },
    { op: 'delete', ...keys.parts(group) },
    { op: 'delete', key: keys.stage(group) },
    { op: 'delete', key: keys.alive(group) },
  ];
}

/** The groups that have a stage. */
export async function stagedGroups(client: EtcdClient, keys: StoreKeys): Promise<readonly string[]> {
  const { kvs } = await client.range({ ...keys.stages, limit: MOST_STAGES });
  return kvs.map(({ key }) => keys.stagedBy(key));
}

/** Sweeps away what commits have left that came to no end. */
export async function sweepStages(
  client: EtcdClient,
  keys: StoreKeys,
  groups: readonly string[],
): Promise<void> {
  for (const group of groups) {
    const isDead: Compare = { key: keys.alive(group), target: 'version', is: 'equal', value: 0 };
    // Where the stage is gone, the commit was made meanwhile, and its texts are the store's.
    await client.txn({ compare: [isStaged(keys, group), isDead], success: sweep(keys, group) });
  }
}
