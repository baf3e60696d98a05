import {
  type DecidedOptions,
  decideOptions,
  invalidOption,
  type OptionRule,
  type OptionRules,
  optionRules,
} from '@gati-framework/manifest-store/backend';

/** What is done at the moment: records are stored, or read back to be compared. */
export type CopyPhase = 'storing' | 'checking';

export interface CopyOptions {
  /**
   * What becomes of the records that the target holds: all are gone with `replace`, those of other keys stay with `merge`. Either
   * is part of the one commit. Default: a target that holds any is refused.
   */
  mode?: 'replace' | 'merge';
  /** Who stores this and why, as the note of the commit. For targets with the capability `history`; others refuse it. */
  note?: string;
  /** Read and check everything, and store nothing. */
  dryRun?: boolean;
  /** Called after each record, with how many there were in this phase. */
  onProgress?: (records: number, phase: CopyPhase) => void;
  /** Ends it, with its reason. A commit that has begun to be made durable may still happen; half of one does not. */
  signal?: AbortSignal;
}

export interface DecidedCopy extends DecidedOptions<CopyOptions, 'mode' | 'note' | 'onProgress' | 'signal'> {}

const mode: OptionRule<CopyOptions['mode']> = (value, path) => {
  if (value === undefined || value === 'replace' || value === 'merge') return value;
  throw invalidOption(path, "must be 'replace' or 'merge'");
};

const RULES: OptionRules<DecidedCopy> = {
  mode,
  note: optionRules.unchecked(),
  dryRun: optionRules.flag(false),
  onProgress: optionRules.callback(),
  signal: optionRules.unchecked(),
};

export function decideCopy(given: CopyOptions): DecidedCopy {
  return decideOptions(given, RULES);
}
