import { guardInput, readField } from './input.js';
import { invalidOption, type OldForm, type OptionRule } from './option-rules.js';
import { readCount, readOptions } from './options.js';

/**
 * How much of the past a store keeps, at least: what either of both asks for. It belongs to the store:
 * what is given is stored with it when it is opened, and what is left out stays as it is stored.
 */
export interface HistoryOptions {
  /** The latest so many changes. Default of a new store: 100,000 (in memory 10,000). */
  changes?: number;
  /** Commits that are not older than this, in milliseconds. Default of a new store: 0, none for their age. */
  age?: number;
}

/** {@link HistoryOptions}, checked. */
export interface GivenRetention {
  readonly changes?: number | undefined;
  readonly age?: number | undefined;
}

/** What a store keeps. */
export interface Retention {
  readonly changes: number;
  /** In milliseconds. */
  readonly age: number;
}

/** What is given, and for the rest what was kept before. */
export function mergeRetention(given: GivenRetention, kept: Retention): Retention {
  return { changes: given.changes ?? kept.changes, age: given.age ?? kept.age };
}

/** The old form of `history: { changes }`. */
export const HISTORY_LIMIT: OldForm<'history'> = [
  'history',
  (value, path) => ({ changes: readCount(value, path, 1) }),
];

/** A rule for the option `history`. */
export function retentionRule(): OptionRule<GivenRetention> {
  return (value, path) => {
    if (value === undefined) return { changes: undefined, age: undefined };
    if (typeof value !== 'object' || value === null) {
      throw invalidOption(path, 'must be like { changes: 100_000, age: 7 * 24 * 3_600_000 }');
    }
    const given = readOptions<HistoryOptions>(value, ['changes', 'age'], path);
    return guardInput(path, 'INVALID_OPTIONS', () => ({
      changes: countIn(given, 'changes', path),
      // Unlike changes it may be 0: what was asked for earlier is taken back so.
      age: readField(given, 'age') === 0 ? 0 : countIn(given, 'age', path),
    }));
  };
}

function countIn(given: HistoryOptions, name: keyof HistoryOptions, path: string): number | undefined {
  const value = readField(given, name);
  return value === undefined ? undefined : readCount(value, `${path}.${name}`, 0);
}
