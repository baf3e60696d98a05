import type { RecordKey, Storage, StorageContract } from '@gati-framework/manifest-store';
import { within } from './assertions/deadline.js';
import { checkCreated } from './check-target.js';
import type { ConformanceTarget, CreateOptions, Harness } from './conformance-case.js';
import { callMethod, fieldOf } from './untyped.js';

/** The storages that one case uses: made on demand, put away together. */
export class Session implements Harness {
  readonly storage: StorageContract;
  readonly #target: ConformanceTarget;
  readonly #place: string;
  readonly #options: CreateOptions;
  /** Undo what blocks the place. */
  readonly #unblock: Set<() => Promise<void>> = new Set();
  readonly #handedOut: StorageContract[];
  /** What `reopen` closes next. */
  #current: StorageContract;

  /** Makes the storage of a case. */
  static async start(target: ConformanceTarget, options: CreateOptions): Promise<Session> {
    const place = unusedPlace();
    return new Session(target, place, options, checkCreated(await target.create(place, options)));
  }

  private constructor(
    target: ConformanceTarget,
    place: string,
    options: CreateOptions,
    storage: StorageContract,
  ) {
    this.#target = target;
    this.#place = place;
    this.#options = options;
    this.storage = storage;
    this.#current = storage;
    this.#handedOut = [storage];
  }

  get full(): Storage {
    return this.storage as Storage;
  }

  get staleness(): number {
    return this.#target.staleness ?? 0;
  }

  // Functions, not methods: cases take them out of the harness.
  readonly another = async (): Promise<Storage> =>
    this.#handOut(await this.#target.create(this.#place, this.#options));

  readonly reopen = async (): Promise<Storage> => {
    const countBefore = recordCount(this.#current);
    const reopened = await this.#reopenAfter(async () => {});
    if (countBefore > 0) await assertSameData(reopened);
    return reopened;
  };

  readonly damage = (record: RecordKey): Promise<Storage> =>
    this.#reopenAfter(async () => this.#target.damage?.(this.#place, record));

  readonly block = async (): Promise<() => Promise<void>> => {
    const undo = await this.#target.block?.(this.#place);
    const unblock = async (): Promise<void> => {
      if (this.#unblock.delete(unblock)) await undo?.();
    };
    this.#unblock.add(unblock);
    return unblock;
  };

  readonly withFresh = async <T>(
    use: (fresh: Harness) => Promise<T>,
    options: CreateOptions = {},
  ): Promise<T> => withSession(this.#target, options, use);

  async #reopenAfter(change: () => Promise<unknown>): Promise<Storage> {
    await closeIfPossible(this.#current);
    await change();
    const { reopen } = this.#target;
    const reopened =
      reopen === undefined
        ? await this.another()
        : this.#handOut(await reopen.call(this.#target, this.#place, this.#options));
    this.#current = reopened;
    return reopened;
  }

  #handOut(storage: StorageContract): Storage {
    this.#handedOut.push(storage);
    return storage as Storage;
  }

  /** Closes everything, then destroys it; rejects with the first thing that went wrong. */
  async end(): Promise<void> {
    const storages = this.#handedOut.splice(0);
    const errors: unknown[] = [];
    const note = (error: unknown): void => {
      errors.push(error);
    };
    for (const unblock of [...this.#unblock]) await unblock().catch(note);
    for (const storage of storages) await closeIfPossible(storage).catch(note);
    for (const storage of storages) await this.#destroy(storage).catch(note);
    if (errors.length > 0) throw errors[0];
  }

  async #destroy(storage: StorageContract): Promise<void> {
    await this.#target.destroy?.(storage, this.#place);
  }
}

async function closeIfPossible(storage: StorageContract): Promise<void> {
  if (typeof fieldOf(storage, 'close') !== 'function') return;
  await within(callMethod(storage, 'close', []), 'close() after the case');
}

/** Lends a session. What `use` throws says more than what its half-finished work does to closing. */
export async function withSession<T>(
  target: ConformanceTarget,
  options: CreateOptions,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await Session.start(target, options);
  let result: T;
  try {
    result = await use(session);
  } catch (error) {
    await session.end().catch(() => {});
    throw error;
  }
  await session.end();
  return result;
}

let placeCount = 0;
const firstPlace = Date.now().toString(36) + Math.random().toString(36).slice(2, 10);

/** Unique also between processes that test against one database. */
function unusedPlace(): string {
  placeCount += 1;
  return `conformance_${firstPlace}_${placeCount}`;
}

/** Records that the storage knows of; none when it has not been opened. */
function recordCount(storage: StorageContract): number {
  try {
    return Object.values(storage.getStats()).reduce((sum: number, count: number) => sum + count, 0);
  } catch {
    return 0;
  }
}

async function assertSameData(reopened: Storage): Promise<void> {
  await reopened.listHookManifests(); // opens it
  if (recordCount(reopened) > 0) return;
  throw new Error(
    'This storage is persistent, as its capabilities or the target say, yet nothing is left of what was stored. ' +
      'Either it loses records when it is closed, or the target of the conformance suite does not say how to open the same data again: ' +
      'let create(place) open the same data whenever it is given the same place, ' +
      'e.g. create: (place) => createMyStorage({ filename: join(folder, place) }).',
  );
}
