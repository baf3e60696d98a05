import { DocumentProblem } from '../document/document-problem.js';
import type { ImportableDocument } from '../document/importable-document.js';
import type { StoredApi } from './stored-apis.js';

/** Which API a document belongs to. */
export interface ApiChoice {
  readonly name: string;
  /** What the ids of its handlers begin with. */
  readonly prefix: string;
}

/**
 * The API that the user names, or that has a document of this title already, or
 * else a new one of this title. Only an API that was new when the user named it
 * has its name in the ids of its handlers.
 */
export function chooseApi(
  document: Pick<ImportableDocument, 'title' | 'format'>,
  apis: readonly StoredApi[],
  wanted: string | undefined,
): ApiChoice {
  const name = wanted ?? nameByTitle(document.title ?? document.format, apis);
  const known = apis.find(({ record }) => record.api === name);
  if (known !== undefined) return { name, prefix: known.record.prefix };
  return { name, prefix: wanted === undefined ? '' : `${wanted}.` };
}

function nameByTitle(title: string, apis: readonly StoredApi[]): string {
  if (apis.some(({ record }) => record.api === title)) return title;
  const [only, second] = apis.filter(({ record }) => record.title === title);
  if (only === undefined) return title;
  if (second === undefined) return only.record.api;
  throw new DocumentProblem(
    'info.title',
    `the store has several APIs called ${JSON.stringify(title)}`,
    `Say which one is meant: --api ${JSON.stringify(only.record.api)}, for one.`,
  );
}
