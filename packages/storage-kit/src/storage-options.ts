import type { StorageLogger } from '@gati-framework/manifest-store';
import {
  DEFAULT_MAX_RECORD_BYTES,
  type GivenRetention,
  invalidOption,
  type OptionRule,
  type OptionRules,
  optionRules,
  type Retention,
  retentionRule,
} from '@gati-framework/manifest-store/backend';

/** Options that every storage over a database has, decided. Each backend documents them among its own. */
export interface CommonOptions {
  readonly scanIdleTimeout: number;
  /** What was given of it; the rest is as the store has it, or {@link DEFAULT_RETENTION}. */
  readonly history: GivenRetention;
  readonly maxRecordBytes: number;
  readonly cacheSize: number;
  readonly log: StorageLogger;
}

/** Of a store that was told nothing else. */
export const DEFAULT_RETENTION: Retention = Object.freeze({ changes: 100_000, age: 0 });

/** @param name What the lines of the default logger begin with. */
export function commonRules(name: string): OptionRules<CommonOptions> {
  return {
    scanIdleTimeout: optionRules.time(60_000),
    history: retentionRule(),
    maxRecordBytes: optionRules.count(DEFAULT_MAX_RECORD_BYTES),
    cacheSize: optionRules.count(64 * 1024 * 1024),
    log: logger(name),
  };
}

function logger(name: string): OptionRule<StorageLogger> {
  return (value, path) => {
    if (value === undefined) return lineLogger((line) => console.warn(line), name);
    if (isLogger(value)) return value;
    throw invalidOption(path, 'must be a logger with info, warn and error, as pino() and console are');
  };
}

function isLogger(value: unknown): value is StorageLogger {
  const methods: Partial<StorageLogger> = Object(value);
  return [methods.info, methods.warn, methods.error].every((method) => typeof method === 'function');
}

/** A logger that writes a line for each message, whatever its fields. */
export function lineLogger(write: (line: string) => void, name: string): StorageLogger {
  const log = (_fields: object, message: string): void => write(`${name}: ${message}`);
  return { info: log, warn: log, error: log };
}
