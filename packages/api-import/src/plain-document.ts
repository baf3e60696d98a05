import { checkSource } from './document/check-source.js';
import { DocumentProblem, toDocumentError } from './document/document-problem.js';
import { type DocumentSource, nameOfSource } from './document/document-source.js';

/**
 * The data of a JSON or YAML document of any format, with the bounds that documents have here: size, depth and
 * number of values; a property that is named twice and the name `__proto__` are refused.
 *
 * @throws DocumentError when it cannot be read; `path` names the place, a line and column for what is no JSON or YAML.
 */
export async function plainDocument(source: DocumentSource): Promise<unknown> {
  const checked = checkSource(source);
  try {
    const { readSource } = await import('./document/read-source.js');
    return (await readSource(checked)).document;
  } catch (error) {
    throw error instanceof DocumentProblem ? toDocumentError(error, nameOfSource(checked)) : error;
  }
}
