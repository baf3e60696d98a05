import type { DocumentFiles } from './document/document-files.js';
import { DocumentProblem } from './document/document-problem.js';
import type { DocumentSource } from './document/document-source.js';
import type { ImportableDocument } from './document/importable-document.js';
import { isObject } from './document/json-object.js';
import { readSource } from './document/read-source.js';
import { readGatiApp } from './gati-app/read-gati-app.js';
import { isGatiBundle, readGatiBundle } from './gati-app/read-gati-bundle.js';
import { readOpenApi } from './openapi/read-openapi.js';

/** A document of any of the formats that can be imported, read as often as there are prefixes for the ids of its handlers. */
export async function readDocument(source: DocumentSource): Promise<(prefix: string) => ImportableDocument> {
  const { document, files } = await readSource(source);
  const read = new Map<string, ImportableDocument>();
  return (prefix) => {
    const known = read.get(prefix) ?? interpret(document, files, prefix);
    read.set(prefix, known);
    return known;
  };
}

function interpret(document: unknown, files: DocumentFiles, prefix: string): ImportableDocument {
  if (isObject(document)) {
    if (Object.hasOwn(document, 'openapi') || Object.hasOwn(document, 'swagger'))
      return readOpenApi(document, files, prefix);
    if (isGatiBundle(document)) return readGatiBundle(document, prefix);
    if (Object.hasOwn(document, 'handlers')) return readGatiApp(document, prefix);
  }
  if (document === null) {
    throw new DocumentProblem('', 'the document is empty', 'Give a file with an OpenAPI document.');
  }
  throw new DocumentProblem(
    '',
    'this is neither an OpenAPI document (it has no "openapi") nor the _app.json or the manifest bundle of a ' +
      'Gati application (it has no "handlers")',
    'Give one of these; if the beginning of the file is missing, get the whole file.',
  );
}
