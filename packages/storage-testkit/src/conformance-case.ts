import type {
  RecordKey,
  Storage,
  StorageCapabilities,
  StorageContract,
} from '@gati-framework/manifest-store';

/** What a case asks a storage to be made with; a target says in {@link ConformanceTarget.honours} which it heeds. */
export interface CreateOptions {
  /** How many changes the history keeps, at least; not many more are kept. */
  readonly historyLimit?: number;
  /** Commits that are not older than this stay, too, in milliseconds. */
  readonly historyAge?: number;
  /** Largest record, in bytes of its JSON text. */
  readonly maxRecordBytes?: number;
  /** Room for what was read and written, in characters. */
  readonly cacheSize?: number;
}

/** What a target may offer beyond making storages. */
export type TargetFeature = keyof CreateOptions | 'damage' | 'block';

/** One law, or one side of it, as something that can be run. */
export interface ConformanceCase {
  /** A sentence about behaviour. Unique within the group. */
  readonly name: string;
  /** The law or trait it belongs to, e.g. `order`. */
  readonly group: string;
  /** Capabilities without which the case has nothing to say. */
  readonly requires?: readonly (keyof StorageCapabilities)[];
  /** What the target must offer for the case to be run. */
  readonly needs?: readonly TargetFeature[];
  /** Rejects when the law is broken. */
  run(harness: Harness): Promise<void>;
}

/** What a case works with. Each case gets a storage of its own. */
export interface Harness {
  /** Fresh, empty and not yet used. */
  readonly storage: StorageContract;
  /** The same object, for cases whose `requires` promise more than the contract. */
  readonly full: Storage;
  /** A further storage object over the same data, while the first stays open. For `multiProcess`. */
  another(): Promise<Storage>;
  /** Closes `storage`, or what this returned last, and opens the same data as a new object. For `persistent`. */
  reopen(): Promise<Storage>;
  /** As {@link reopen}, with this record spoilt in between. For cases that need `damage`. */
  damage(record: RecordKey): Promise<Storage>;
  /** Makes opening the place fail until the returned function is called. For cases that need `block`. */
  block(): Promise<() => Promise<void>>;
  /** How long a cached read may lag behind other processes, in milliseconds; 0 for never. */
  readonly staleness: number;
  /** Lends a harness with a further fresh storage, made with these options, and puts everything away afterwards. */
  withFresh<T>(use: (fresh: Harness) => Promise<T>, options?: CreateOptions): Promise<T>;
}

/** What is to be tested: written by the author of a backend. */
export interface ConformanceTarget<S extends StorageContract = StorageContract> {
  /**
   * Makes a storage over the data at `place`, a name of letters, digits and
   * underscores that serves as part of a file name or as the name of a schema.
   * A place that was never used is empty. A backend that keeps nothing can
   * ignore it; one whose `capabilities` say `persistent` or `multiProcess` must
   * open the same data whenever it is given the same place.
   *
   * @param options Only such as {@link honours} names; `{}` in most cases.
   * @example
   * create: (place, { historyLimit, historyAge, ...options }) => createMyStorage({
   *   filename: join(folder, place),
   *   history: { changes: historyLimit, age: historyAge },
   *   ...options,
   * }),
   * honours: ['historyLimit', 'historyAge', 'maxRecordBytes', 'cacheSize'],
   */
  create(place: string, options: CreateOptions): S | Promise<S>;
  /** The options that `create` heeds; a case that needs another one is skipped. Default: none. */
  readonly honours?: readonly (keyof CreateOptions)[];
  /**
   * Opens the data at `place` as after a restart of the machine, when every storage there is closed, or has no
   * `close`: from what is on the disk and nothing else, e.g. in another process, or from files that were moved.
   * Whatever is opened later, by `create` too, opens what this opened. With it, a storage
   * without `capabilities` is held to `persistent`. Default: `create`, which cannot tell
   * records on a disk from records that the process remembers.
   */
  reopen?(place: string, options: CreateOptions): S | Promise<S>;
  /**
   * Changes the stored content of a record, for another that could have been stored, as a failing disk would:
   * so that only a check of the content can tell. Every storage at `place` is closed.
   */
  damage?(place: string, record: RecordKey): unknown;
  /**
   * Makes opening what is at `place` fail until the returned function was called, e.g. by taking
   * its folder away. No storage there was used yet.
   */
  block?(place: string): (() => unknown) | Promise<() => unknown>;
  /**
   * For `multiProcess`: how long a read that is answered from a cache may lag behind what another
   * process has written, in milliseconds. Default: 0, it may not.
   */
  readonly staleness?: number;
  /** Removes what a storage leaves behind. Called for each storage, once all at its place are closed. */
  destroy?(storage: S, place: string): unknown;
}
