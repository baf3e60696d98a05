import type { Revision } from '@gati-framework/manifest-store';
import {
  type DecidedOptions,
  decideOptions,
  type OptionRules,
  optionRules,
} from '@gati-framework/manifest-store/backend';

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
  /** Ends it, with its reason; a file that was there is as it was. */
  signal?: AbortSignal;
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

export interface DecidedBackup extends DecidedOptions<BackupOptions, 'onProgress' | 'signal'> {}

const RULES: OptionRules<DecidedBackup> = {
  overwrite: optionRules.flag(false),
  onProgress: optionRules.callback(),
  signal: optionRules.unchecked(),
};

/** @throws `INVALID_OPTIONS` */
export function decideBackup(given: BackupOptions): DecidedBackup {
  return decideOptions(given, RULES);
}
