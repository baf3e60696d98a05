import type { Revision } from './storage.js';

/** What a backup does at the moment: it is written, or read back to be checked. */
export type BackupPhase = 'copying' | 'checking';

/** How far a phase has come: in bytes where it copies, in changes of the history where it checks. */
export interface BackupProgress {
  readonly phase: BackupPhase;
  readonly done: number;
  readonly total: number;
}

export interface BackupOptions {
  /**
   * Take the place of whatever file is there. Default: only of an empty one, and of a store that this one's history holds, as an
   * earlier backup of it is.
   */
  overwrite?: boolean;
  /** Called many times a second. */
  onProgress?: (progress: BackupProgress) => void;
  /** An `AbortSignal`, which ends it, with its reason; a file that was there is as it was. */
  signal?: { throwIfAborted(): void };
}

export interface BackupReport {
  /** Absolute, without links. */
  readonly file: string;
  readonly bytes: number;
  /** How many records the backup holds. */
  readonly records: number;
  /** The revision that it is of. */
  readonly revision: Revision;
}
