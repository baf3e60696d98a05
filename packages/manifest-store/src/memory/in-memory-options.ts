import { decideOptions, type OptionRules, optionRules } from '../rules/option-rules.js';
import {
  type GivenRetention,
  HISTORY_LIMIT,
  type HistoryOptions,
  mergeRetention,
  type Retention,
  retentionRule,
} from '../rules/retention.js';
import { DEFAULT_MAX_RECORD_BYTES } from '../rules/snapshot.js';
import type { HistoryLimits } from './commit-history.js';

export interface InMemoryStorageOptions {
  /** Largest record, in bytes of its JSON text. Default: 16 MiB. */
  maxRecordBytes?: number;
  /** How much of the past is kept. Default: the latest 10,000 changes. The latest commit is always kept whole. */
  history?: HistoryOptions;
  /** The old form of `history: { changes }`. */
  historyLimit?: number;
  /** How much heap the past may take, in bytes, about, whatever `history` asks for. Default: 64 MiB. */
  historyBytes?: number;
}

/** Options with nothing left to decide. */
export interface ResolvedOptions {
  readonly maxRecordBytes: number;
  readonly limits: HistoryLimits;
}

interface CheckedOptions {
  readonly maxRecordBytes: number;
  readonly history: GivenRetention;
  readonly historyBytes: number;
}

const RULES: OptionRules<CheckedOptions> = {
  maxRecordBytes: optionRules.count(DEFAULT_MAX_RECORD_BYTES),
  history: retentionRule(),
  historyBytes: optionRules.count(64 * 1024 * 1024),
};

const DEFAULT_RETENTION: Retention = { changes: 10_000, age: 0 };

export function resolveOptions(given: InMemoryStorageOptions): ResolvedOptions {
  const { maxRecordBytes, history, historyBytes } = decideOptions(given, RULES, {
    historyLimit: HISTORY_LIMIT,
  });
  return { maxRecordBytes, limits: { ...mergeRetention(history, DEFAULT_RETENTION), bytes: historyBytes } };
}
