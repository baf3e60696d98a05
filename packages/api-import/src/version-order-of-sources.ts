import { checkSource } from './document/check-source.js';
import { DocumentProblem, toDocumentError } from './document/document-problem.js';
import { type DocumentSource, nameOfSource } from './document/document-source.js';
import type { ImportableDocument } from './document/importable-document.js';
import { isOlder } from './plan/version-order.js';

/**
 * Documents in the order in which they are to be imported: those of one title by
 * their versions, as far as these are ordered, and otherwise as given. All of
 * them are read, so that a damaged one is refused before any is imported.
 *
 * @throws DocumentError when one of them cannot be read.
 */
export async function inVersionOrder(sources: readonly DocumentSource[]): Promise<DocumentSource[]> {
  const ordered: { source: DocumentSource; title: string; version: string }[] = [];
  for (const source of sources) {
    const { title = '', version } = await describe(source);
    const next = { source, title, version: version?.name ?? '' };
    const newer = ordered.findIndex(
      (other) => other.title === next.title && isOlder(next.version, other.version),
    );
    ordered.splice(newer === -1 ? ordered.length : newer, 0, next);
  }
  return ordered.map(({ source }) => source);
}

async function describe(source: DocumentSource): Promise<ImportableDocument> {
  try {
    const { readDocument } = await import('./read-document.js');
    return (await readDocument(checkSource(source)))('');
  } catch (error) {
    throw error instanceof DocumentProblem ? toDocumentError(error, nameOfSource(source)) : error;
  }
}
