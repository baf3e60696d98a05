import { DocumentProblem } from './document-problem.js';
import { MAX_DOCUMENT_BYTES } from './max-document-bytes.js';

export function tooLarge(): DocumentProblem {
  return new DocumentProblem(
    '',
    `the document is larger than ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB`,
    'Split it into several documents.',
  );
}

/** Why a file could not be read, in words for the user. */
export function unreadable(error: unknown): DocumentProblem {
  const { code } = error as { code?: string };
  if (code === 'ENOENT') return new DocumentProblem('', 'there is no such file', 'Check the path.', error);
  if (code === 'EISDIR') {
    return new DocumentProblem('', 'it is a folder', 'Name a file in it, e.g. openapi.yaml.');
  }
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return new DocumentProblem('', 'it is not UTF-8 text', 'Save it as UTF-8.', error);
  }
  return new DocumentProblem(
    '',
    `it cannot be read (${(error as Error).message})`,
    'Check its permissions.',
    error,
  );
}
