import { type Storage, StorageError } from '@gati-framework/manifest-store';
import { decideOptions, type OptionRules, optionRules } from '@gati-framework/manifest-store/backend';
import { checkTarget } from './check-target.js';
import { DocumentProblem } from './document/document-problem.js';
import type { DocumentSource } from './document/document-source.js';
import type { ImportReport } from './plan/import-report.js';
import {
  type DecidedPlan,
  type DocumentPlan,
  PLAN_RULES,
  type PlanDocumentOptions,
  withDocument,
} from './plan-document.js';

export interface ImportOptions extends PlanDocumentOptions {
  /** Find out what would be stored, and store nothing. */
  dryRun?: boolean;
  /** Who imports this and why, as the note of the commit. For storages with the capability `history`; others refuse it. */
  note?: string;
}

/** What of a storage an import uses. */
export type ImportTarget = Pick<Storage, 'commit' | 'entries'>;

interface DecidedImport extends DecidedPlan {
  readonly dryRun: boolean;
  readonly note: string | undefined;
}

const RULES: OptionRules<DecidedImport> = {
  ...PLAN_RULES,
  dryRun: optionRules.flag(false),
  note: optionRules.unchecked(), // the storage checks it
};

/** How often an import is planned anew because somebody else wrote in between. */
const MAX_ATTEMPTS = 8;

/**
 * Imports an OpenAPI document, or the `_app.json` or manifest bundle of a Gati application, in one
 * commit: all of it is stored or nothing is.
 *
 * @example
 * import { importDocument } from '@gati-framework/api-import';
 *
 * const report = await importDocument(storage, { file: 'openapi.yaml' });
 * for (const { handlerId, breaking } of report.changed) console.log(handlerId, breaking);
 *
 * @throws DocumentError when the document cannot be imported; `path` names the place in it.
 * @throws StorageError `INVALID_OPTIONS` for a source or an option that makes no sense, before anything is read.
 */
export async function importDocument(
  storage: ImportTarget,
  source: DocumentSource,
  options: ImportOptions = {},
): Promise<ImportReport> {
  checkTarget(storage, ['entries', 'commit']);
  const { dryRun, note, ...decided } = decideOptions(options, RULES);
  return await withDocument(source, decided, (plan) => importPlanned(storage, plan, { dryRun, note }));
}

async function importPlanned(
  storage: ImportTarget,
  makePlan: (storage: ImportTarget) => Promise<DocumentPlan>,
  { dryRun, note }: Pick<DecidedImport, 'dryRun' | 'note'>,
): Promise<ImportReport> {
  for (let attempt = 1; ; attempt++) {
    const plan = await makePlan(storage);
    const { source, ...report } = plan.report;
    if (dryRun) return { source, dryRun, revision: null, ...report };
    try {
      return { source, dryRun, revision: await carryOut(storage, plan, note), ...report };
    } catch (error) {
      const conflict = error instanceof StorageError && error.code === 'STORAGE_CONFLICT';
      if (!conflict || attempt === MAX_ATTEMPTS) throw refusedRecord(error);
    }
  }
}

/** An import that changes nothing leaves no trace, not even a revision. */
async function carryOut(
  storage: ImportTarget,
  { changes, expect }: DocumentPlan,
  note: string | undefined,
): Promise<number | null> {
  if (changes.length === 0) return null;
  return storage.commit(changes, { expect, ...(note !== undefined && { note }) });
}

/** A record that is too large, say, is the fault of the document that it was made from. */
function refusedRecord(error: unknown): unknown {
  if (!(error instanceof StorageError) || error.code !== 'INVALID_RECORD') return error;
  return new DocumentProblem(
    error.path ?? '',
    `it cannot be stored: ${error.message.replace(/\.$/, '')}`,
    'Change the document so that it can.',
    error,
  );
}
