import {
  type BackupOptions,
  type DecidedOptions,
  decideOptions,
  type OptionRules,
  optionRules,
} from '@gati-framework/manifest-store/backend';

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
