import { type Change, type Expectation, type Storage, StorageError } from '@gati-framework/manifest-store';
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
import { planImport } from './plan/plan-import.js';
import { planTimescape } from './plan/plan-timescape.js';
import { loadTypes } from './plan/stored-apis.js';
import { loadStoredState } from './plan/stored-state.js';

export interface PlanDocumentOptions {
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
  /** Let differences in the bodies of errors break callers as those of other bodies do. Default: false. */
  strictErrors?: boolean;
}

/** What importing a document would do, as of one moment. */
export interface DocumentPlan {
  /** To be committed together with `expect`: if somebody has changed what the plan rests on, nothing is done. */
  readonly changes: readonly Change[];
  readonly expect: readonly Expectation[];
  readonly report: Omit<ImportReport, 'dryRun' | 'revision'>;
}

export interface DecidedPlan extends DecidedOptions<PlanDocumentOptions, 'api' | 'versionName'> {}

export const PLAN_RULES: OptionRules<DecidedPlan> = {
  versionName: textRule,
  versionDigest: optionRules.flag(false),
  api: textRule,
  insert: optionRules.flag(false),
  strictErrors: optionRules.flag(false),
};

/**
 * What `importDocument` would store, for those who commit it themselves, such as with a note.
 *
 * @example
 * import { planDocument } from '@gati-framework/api-import';
 *
 * const { changes, expect } = await planDocument(storage, { file: 'openapi.yaml' });
 * if (changes.length > 0) await storage.commit(changes, { expect });
 *
 * @throws DocumentError when the document cannot be imported; `path` names the place in it.
 * @throws StorageError `INVALID_OPTIONS` for a source or an option that makes no sense, before anything is read.
 */
export async function planDocument(
  storage: Pick<Storage, 'entries'>,
  source: DocumentSource,
  options: PlanDocumentOptions = {},
): Promise<DocumentPlan> {
  checkTarget(storage, ['entries']);
  const decided = decideOptions(options, PLAN_RULES);
  return await withDocument(source, decided, (plan) => plan(storage));
}

/** Reads a document, and lets it be planned as often as is needed. What is wrong with it becomes a DocumentError. */
export async function withDocument<T>(
  source: DocumentSource,
  options: DecidedPlan,
  use: (plan: (storage: Pick<Storage, 'entries'>) => Promise<DocumentPlan>) => Promise<T>,
): Promise<T> {
  const checked = checkSource(source);
  const name = nameOfSource(checked);
  if (options.api === '') {
    const message = 'The name of an API is empty: give one, or leave the option out.';
    throw new StorageError('INVALID_OPTIONS', message, { path: 'api' });
  }
  try {
    // Loaded when there is something to read: who only compares what is stored needs no parser of YAML.
    const { readDocument } = await import('./read-document.js');
    const read = await readDocument(checked);
    return await use((storage) => planOf(storage, read, name, options));
  } catch (error) {
    throw error instanceof DocumentProblem ? toDocumentError(error, name) : error;
  }
}

async function planOf(
  storage: Pick<Storage, 'entries'>,
  read: (prefix: string) => ImportableDocument,
  name: string,
  { api: wantedApi, ...asked }: DecidedPlan,
): Promise<DocumentPlan> {
  const plain = read(''); // before the storage is asked, which would make one for a document that is refused
  const loaded = await loadTypes(storage);
  const api = chooseApi(plain, loaded.apis, wantedApi);
  const document = read(api.prefix);
  const stored = await loadStoredState(storage, document, loaded);
  const rules = { ...asked, api, source: name, now: Date.now() };
  const { changes, expect, report, version } = planImport(document, stored, rules);
  const source = describeSource(document, name, api.name, version);
  if (document.timescape === undefined) return { changes, expect, report: { source, ...report } };
  const timescape = await planTimescape(storage, document.timescape);
  return {
    changes: [...changes, ...timescape.changes],
    expect: [...expect, ...timescape.expect],
    report: { source, ...report, timescape: timescape.report },
  };
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
