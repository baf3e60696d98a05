import { DocumentError } from './document-error.js';
import { fileOfPlace, rootOfFile } from './place.js';

/**
 * Something wrong with a document, before it is known which file it came from.
 * {@link toDocumentError} makes it what callers see.
 */
export class DocumentProblem extends Error {
  /**
   * e.g. `paths./users.get.responses`, or `12:7` for a line and column; empty for the document as a whole.
   * In another file that the document refers to, `./user.yaml#properties.name`.
   */
  readonly place: string;
  readonly remedy: string;

  constructor(place: string, problem: string, remedy: string, cause?: unknown) {
    super(problem, cause === undefined ? undefined : { cause });
    this.place = place;
    this.remedy = remedy;
  }
}

export function toDocumentError(problem: DocumentProblem, fileName: string): DocumentError {
  const where = [fileName, describePlace(problem.place)].filter(Boolean).join(', ');
  return new DocumentError(`${where}: ${problem.message}. ${problem.remedy} Nothing was stored.`, {
    path: problem.place === '' ? fileName : problem.place,
    details: { file: fileName },
    cause: problem.cause,
  });
}

function describePlace(place: string): string {
  const file = fileOfPlace(place);
  const inside = place.slice(rootOfFile(file).length);
  return [file && `in ${file}`, inside && `at ${inside}`].filter(Boolean).join(' ');
}
