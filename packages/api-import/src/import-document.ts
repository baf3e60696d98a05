import { type Storage, StorageError } from '@gati-framework/manifest-store';
import {
  type DecidedOptions,
  decideOptions,
  type OptionRules,
  optionRules,
} from '@gati-framework/manifest-store/backend';
import { checkTarget } from './check-target.js';
import { checkSource, textRule } from './document/check-source.js';
import { DocumentProblem, toDocumentError } from './document/document-problem.js';
import { type DocumentSource, nameOfSource } from './document/document-source.js';
import type { ImportableDocument } from './document/importable-document.js';
import { chooseApi } from './plan/choose-api.js';
import type { ImportReport } from './plan/import-report.js';
import { type ImportPlan, planImport } from './plan/plan-import.js';
import { loadTypes } from './plan/stored-apis.js';
import { loadStoredState } from './plan/stored-state.js';

export interface ImportOptions {
  /** Name of the versions that are added, in place of the version that the document gives itself. */
  versionName?: string;
  /**
   * Add a digest of the document to its version, `1.0.0+3f9a6c01b2d4`, for documents whose version never
   * changes. The order of versions is that of the versions without it. Default: false.
   */
  versionDigest?: boolean;
  /**
   * Name of the API that the document belongs to. Default: the one that has a document of this title
   * already, or else the title. Where the store does not know it yet, the ids of its handlers begin with
   * it, `users.list`, then and in later imports.
   */
  api?: string;
  /**
   * Let a version that is older than others of its handlers take its place before them; the latest stays
   * the latest. Refused where that place cannot be told. Default: false, and such a document is refused.
   */
  insert?: boolean;
  /** Find out what would be stored, and store nothing. */
  dryRun?: boolean;
  /** Let differences in the bodies of errors break callers as those of other bodies do. Default: false. */
  strictErrors?: boolean;
}

/** What of a storage an import uses. */
export type ImportTarget = Pick<Storage, 'commit' | 'entries'>;

interface DecidedImport extends DecidedOptions<ImportOptions, 'api' | 'versionName'> {}

const RULES: OptionRules<DecidedImport> = {
  versionName: textRule,
  versionDigest: optionRules.flag(false),
  api: textRule,
  insert: optionRules.flag(false),
  dryRun: optionRules.flag(false),
  strictErrors: optionRules.flag(false),
};

/** How often an import is planned anew because somebody else wrote in between. */
const MAX_ATTEMPTS = 8;

/**
 * Imports an OpenAPI document, or the `_app.json` of a Gati application, in one
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
  const decided = decideOptions(options, RULES);
  const checked = checkSource(source);
  const name = nameOfSource(checked);
  if (decided.api === '') {
    throw new StorageError(
      'INVALID_OPTIONS',
      'The name of an API is empty: give one, or leave the option out.',
      {
        path: 'api',
      },
    );
  }
  try {
    // Loaded when there is something to read: who only compares what is stored needs no parser of YAML.
    const { readDocument } = await import('./read-document.js');
    return await importInto(storage, await readDocument(checked), name, decided);
  } catch (error) {
    throw error instanceof DocumentProblem ? toDocumentError(error, name) : error;
  }
}

async function importInto(
  storage: ImportTarget,
  read: (prefix: string) => ImportableDocument,
  name: string,
  { api: wantedApi, dryRun, ...asked }: DecidedImport,
): Promise<ImportReport> {
  const plain = read('');
  for (let attempt = 1; ; attempt++) {
    const loaded = await loadTypes(storage);
    const api = chooseApi(plain, loaded.apis, wantedApi);
    const document = read(api.prefix);
    const stored = await loadStoredState(storage, document, loaded);
    const rules = { ...asked, api, source: name, now: Date.now() };
    const plan = planImport(document, stored, rules);
    const source = describeSource(document, name, api.name, plan.version);
    if (dryRun) return { source, dryRun, revision: null, ...plan.report };
    try {
      return { source, dryRun, revision: await carryOut(storage, plan), ...plan.report };
    } catch (error) {
      const conflict = error instanceof StorageError && error.code === 'STORAGE_CONFLICT';
      if (!conflict || attempt === MAX_ATTEMPTS) throw refusedRecord(error);
    }
  }
}

/** An import that changes nothing leaves no trace, not even a revision. */
async function carryOut(storage: ImportTarget, plan: ImportPlan): Promise<number | null> {
  if (plan.changes.length === 0) return null;
  return storage.commit(plan.changes, { expect: plan.expect });
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

function describeSource(
  document: ImportableDocument,
  name: string,
  api: string,
  version: string | undefined,
): ImportReport['source'] {
  const { format, specification, title } = document;
  return {
    name,
    format,
    specification,
    ...(title === undefined ? {} : { title }),
    api,
    ...(version === undefined ? {} : { version }),
  };
}
