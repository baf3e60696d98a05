import type { Entry } from '@gati-framework/manifest-store';
import { ArchiveText } from './archive-text.js';

export interface ArchiveSummary {
  /** How many records the archive holds. */
  readonly records: number;
  /** SHA-256 of all that comes before the closing line, in hex: equal for equal content. */
  readonly sha256: string;
}

/**
 * The bytes of an archive of these entries, in chunks, while they are read: memory
 * does not grow with them. Ends with what the closing line says.
 *
 * @param entries As `storage.entries()` gives them: of one moment.
 */
export async function* writeArchive(
  entries: AsyncIterable<Pick<Entry, 'kind' | 'value'>>,
): AsyncGenerator<Buffer, ArchiveSummary, undefined> {
  const text = new ArchiveText();
  for await (const entry of entries) {
    text.add(entry);
    if (text.isFull) yield text.take();
  }
  const rest = text.take();
  if (rest.length > 0) yield rest;
  const summary = text.close();
  yield Buffer.from(`${JSON.stringify(summary)}\n`);
  return summary;
}
