import type { StorageLogger } from '@gati-framework/manifest-store';
import {
  type DecidedOptions,
  decideOptions,
  invalidOption,
  type OptionRules,
  optionRules,
} from '@gati-framework/manifest-store/backend';
import type { ManifestViewOptions } from './manifest-view.js';

type DecidedView = DecidedOptions<ManifestViewOptions, 'logger'>;

const RULES: OptionRules<DecidedView> = {
  checkInterval: optionRules.time(5_000),
  logger: optionRules.unchecked<StorageLogger | undefined>(),
};

const NEEDED = ['entries', 'stats', 'watch'] as const;

/** Refuses what cannot be followed, most of all the promise of a storage. */
export function readViewOptions(storage: unknown, options: unknown): DecidedView {
  const missing = NEEDED.filter((name) => typeof Object(storage)[name] !== 'function');
  if (missing.length === 0) return decideOptions(options, RULES);
  if (typeof Object(storage).then === 'function')
    throw invalidOption('storage', 'is the promise of a storage: await it');
  throw invalidOption('storage', `cannot be followed: it has no ${missing.join(', no ')}`);
}
