import type { Storage, StorageCapabilities, StorageContract } from '@gati-framework/manifest-store';

/** One law, or one side of it, as something that can be run. */
export interface ConformanceCase {
  /** A sentence about behaviour. Unique within the group. */
  readonly name: string;
  /** The law or trait it belongs to, e.g. `order`. */
  readonly group: string;
  /** Capabilities without which the case has nothing to say; the only reason to skip it. */
  readonly requires?: readonly (keyof StorageCapabilities)[];
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
  /** Lends a harness with a further fresh storage, and puts everything away afterwards. */
  withFresh<T>(use: (fresh: Harness) => Promise<T>): Promise<T>;
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
   * @example
   * create: (place) => createMyStorage({ filename: join(folder, place) })
   */
  create(place: string): S | Promise<S>;
  /** Removes what a storage leaves behind. Called for each storage, once all at its place are closed. */
  destroy?(storage: S, place: string): unknown;
}
