import {
  type DecidedOptions,
  decideOptions,
  guardInput,
  invalidOption,
  type OptionRules,
  optionRules,
} from '@gati-framework/manifest-store/backend';
import { metrics, trace } from '@opentelemetry/api';
import type { InstrumentationOptions } from './index.js';
import type { AskedStorage } from './observe-storages.js';

type ResolvedOptions = DecidedOptions<InstrumentationOptions>;

const RULES: OptionRules<ResolvedOptions> = {
  storages: readStorages,
  cachedReads: optionRules.flag(false),
  tracerProvider: (value = trace, path) => providerWith('getTracer', value, path),
  meterProvider: (value = metrics, path) => providerWith('getMeter', value, path),
};

/** @throws `INVALID_OPTIONS` */
export function resolveOptions(given: InstrumentationOptions): ResolvedOptions {
  return guardInput('options', 'INVALID_OPTIONS', () => decideOptions(given, RULES));
}

function readStorages(value: unknown, path: string): Readonly<Record<string, AskedStorage>> {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidOption(path, 'must be an object of storages by name');
  }
  for (const [name, storage] of Object.entries(value)) {
    if (typeof storage?.stats !== 'function')
      throw invalidOption(`${path}.${name}`, 'must be a storage with stats()');
  }
  return { ...value };
}

function providerWith<T>(method: string, value: unknown, path: string): T {
  if (typeof Reflect.get(Object(value), method) === 'function') return value as T;
  throw invalidOption(path, `must be a provider with ${method}()`);
}
