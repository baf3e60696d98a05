import type { StorageLogger } from '@gati-framework/manifest-store';
import {
  type DecidedOptions,
  decideOptions,
  invalidOption,
  type OptionRules,
  optionRules,
} from '@gati-framework/manifest-store/backend';
import type { VersionClassificationConfig } from '@gati-framework/runtime/timescape/registry';
import type { ManifestView } from '../view/manifest-view.js';

export interface VersionRegistryOptions {
  /** A view of the same storage, which stays yours to close. Default: one of its own, closed with the registry. */
  view?: ManifestView;
  /** How often requests that were counted are written, in milliseconds: a minute at the least, and the default. */
  usageInterval?: number;
  /** When versions are hot, warm and cold, as the runtime takes it. */
  classification?: Partial<VersionClassificationConfig>;
  /** Is told of counts that could not be written, which are written later. Default: nobody. */
  logger?: StorageLogger;
}

const MINUTE = 60_000;

type Decided = DecidedOptions<VersionRegistryOptions, 'classification' | 'logger' | 'view'>;

const RULES: OptionRules<Decided> = {
  view: optionRules.unchecked(),
  usageInterval: (value, path) => {
    const interval = optionRules.time(MINUTE)(value, path);
    if (interval >= MINUTE) return interval;
    throw invalidOption(path, `must be at least ${MINUTE}: a commit for each request is what it is to avoid`);
  },
  classification: optionRules.unchecked(),
  logger: optionRules.unchecked(),
};

export function readRegistryOptions(storage: unknown, options: unknown): Decided {
  const missing = ['commit', 'get'].filter((name) => typeof Object(storage)[name] !== 'function');
  if (missing.length > 0)
    throw invalidOption('storage', `cannot hold versions: it has no ${missing.join(', no ')}`);
  return decideOptions(options, RULES);
}
