import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DocumentProblem, toDocumentError } from './document/document-problem.js';
import type { DocumentSource } from './document/document-source.js';
import { unreadable } from './document/unreadable.js';
import { readGatiFolder } from './gati-app/read-gati-folder.js';

const DOCUMENT = /\.(ya?ml|json)$/i;

/**
 * The documents that lie in a folder, by name: each of its `.yaml`, `.yml` and `.json` files, and none of
 * the folders below it, which may hold parts that documents refer to. The folder `.gati` of an application, or `manifests`
 * in it, is one document: manifests, registry and timeline.
 *
 * @throws DocumentError when there is none, or the folder cannot be read.
 */
export async function documentsInFolder(folder: string): Promise<DocumentSource[]> {
  const application = await readGatiFolder(folder).catch((error: unknown) => {
    throw error instanceof DocumentProblem ? toDocumentError(error, folder) : error;
  });
  if (application !== undefined) return [application];
  const names = await readdir(folder).catch((error: unknown) => {
    throw toDocumentError(unreadable(error), folder);
  });
  const documents = names.filter((name) => DOCUMENT.test(name)).sort();
  if (documents.length > 0) return documents.map((name) => ({ file: join(folder, name) }));
  const problem = new DocumentProblem(
    '',
    'there is no document in this folder',
    'Name a folder with .yaml, .yml or .json files, or a file.',
  );
  throw toDocumentError(problem, folder);
}
