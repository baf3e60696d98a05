import type { StorageErrorCode } from './storage-error.js';

/**
 * How a storage does, as far as its backend can tell: what it cannot is absent. All but `bytes` is of this storage
 * object, since it was made; other processes that use the same store have figures of their own.
 */
export interface StorageFigures {
  /** Of the read cache. */
  readonly cache?: CacheFigures;
  /** Of what follows the commits of others. */
  readonly feed?: FeedFigures;
  /** Of the past that can be read. */
  readonly history?: HistoryFigures;
  /** What the store takes where it is kept, in bytes, with indexes and what is free inside it. Only in `stats()`. */
  readonly bytes?: number;
  /** Of a pool of connections to a server. */
  readonly connections?: ConnectionFigures;
  /**
   * The last time that the store failed, in a call or in the background. What is the caller's to mend (a record that
   * cannot be stored, an expectation that did not hold) is none.
   */
  readonly lastError?: LastError;
}

export interface CacheFigures {
  /** Look-ups that the cache has answered. */
  readonly hits: number;
  /** Look-ups that went to the database. */
  readonly misses: number;
  /** The part of look-ups that were hits, from 0 to 1; 0 before the first. */
  readonly hitRate: number;
  /** What it holds, in bytes of heap, about; see the option `cacheSize`. */
  readonly bytes: number;
  readonly maxBytes: number;
}

export interface FeedFigures {
  /**
   * `following`: what others commit is heard of. `interrupted`: it is not, so reads go to the database until it is
   * again. `stopped`: the storage is not open.
   */
  readonly state: 'following' | 'interrupted' | 'stopped';
  /** What was committed longer ago than this, in milliseconds, has been heard of. 0 where each read asks. */
  readonly lag: number;
}

export interface HistoryFigures {
  /** How many commits back the store can be read. */
  readonly commits: number;
}

export interface ConnectionFigures {
  readonly inUse: number;
  readonly idle: number;
  /** Calls that wait for one. */
  readonly waiting: number;
  /** As many as there may be; absent where the pool does not tell. */
  readonly max?: number;
}

export interface LastError {
  readonly code: StorageErrorCode;
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
