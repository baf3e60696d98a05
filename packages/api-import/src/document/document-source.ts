/**
 * Where a document comes from: a file, or text that is called `name` in messages.
 * A document in a file may refer to other files below its folder, and text to those below `folder`.
 */
export type DocumentSource =
  | { readonly file: string }
  | { readonly text: string; readonly name?: string; readonly folder?: string };

/** How a source is called in messages and reports. */
export function nameOfSource(source: DocumentSource): string {
  return 'file' in source ? source.file : (source.name ?? 'the document');
}
