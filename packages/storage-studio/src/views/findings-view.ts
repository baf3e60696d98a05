import type { Difference, Verdict } from '@gati-framework/api-import';
import { StorageError } from '@gati-framework/manifest-store';
import type { ComparedHandler } from '@gati-framework/storage-tools/compare';
import type { FieldDifference, RecordDifference } from '@gati-framework/storage-tools/diff';
import {
  type ChangeCounts,
  type ComparedHandlerView,
  type FieldView,
  type Findings,
  LIMITS,
  type RecordDifferenceView,
} from '../api/index.js';
import { jsonTextOf, textOf } from './text.js';

/** They come in the order of their verdicts. */
export function findingsView(differences: readonly Difference[]): Findings {
  const counts: Record<Verdict, number> = { breaking: 0, unknown: 0, compatible: 0 };
  for (const { verdict } of differences) counts[verdict] += 1;
  return {
    verdict: differences[0]?.verdict ?? 'compatible',
    findings: differences
      .slice(0, LIMITS.findings)
      .map(({ where, what, verdict }) => ({ where: textOf(where), what: textOf(what), verdict })),
    counts,
  };
}

/** Of versions that cannot be compared, as a record is not what it should be: nobody can tell what callers notice. */
export function incomparable(): Difference[] {
  const what = 'cannot be compared, as a record is not what it should be: see gati-storage verify';
  return [{ where: 'handler', what, breaking: false, verdict: 'unknown' }];
}

/** Whatever was stored may be compared, and what is of no shape makes any code fail. Errors of the store are none of that. */
export function assertOfShape(error: unknown): void {
  if (error instanceof StorageError) throw error;
}

export function comparedHandlerView({
  handlerId,
  before,
  after,
  differences,
}: ComparedHandler): ComparedHandlerView {
  return { handlerId, before, ...(after !== undefined && { after }), ...findingsView(differences) };
}

/** Of one of the values that differ. */
const MAX_VALUE = 4_096;

export function fieldViews(fields: readonly FieldDifference[]): FieldView[] {
  return fields.slice(0, LIMITS.findings).map((field) => ({
    path: textOf(field.path),
    ...('before' in field && { before: jsonTextOf(field.before, MAX_VALUE) }),
    ...('after' in field && { after: jsonTextOf(field.after, MAX_VALUE) }),
  }));
}

export function recordDifferenceView({ kind, key, change, fields }: RecordDifference): RecordDifferenceView {
  return { kind, key, change, fields: fieldViews(fields), fieldCount: fields.length };
}

type Counts = { -readonly [K in keyof ChangeCounts]: ChangeCounts[K] };

/** Counts what differs, one after the other. */
export class ChangeCounter {
  readonly counts: Counts = {};

  add({ kind, change }: Pick<RecordDifference, 'kind' | 'change'>): void {
    const before = this.counts[kind] ?? { added: 0, removed: 0, changed: 0 };
    this.counts[kind] = { ...before, [change]: before[change] + 1 };
  }
}
