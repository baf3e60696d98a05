import { DocumentProblem } from './document-problem.js';

/** A part of a reference without its percent escapes; `reference` is the whole as the document writes it. */
export function decodePercent(part: string, reference: string, place: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    throw new DocumentProblem(
      place,
      `"${reference}" has a malformed percent escape`,
      'Write a literal "%" as "%25".',
      error,
    );
  }
}
