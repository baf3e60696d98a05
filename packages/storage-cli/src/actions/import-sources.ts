import { stat } from 'node:fs/promises';
import {
  DocumentError,
  type DocumentSource,
  documentsInFolder,
  inVersionOrder,
  MAX_DOCUMENT_BYTES,
} from '@gati-framework/api-import';
import type { Terminal } from '../terminal.js';

const INPUT = 'standard input';

/**
 * The documents that the arguments of `import` name, in the order in which they
 * are to be imported: `-` is standard input, and a folder stands for the documents in it.
 *
 * @param inputFolder Where the files are that standard input may refer to.
 */
export async function importSources(
  terminal: Terminal,
  files: readonly string[],
  inputFolder: string | undefined,
): Promise<readonly DocumentSource[]> {
  const sources: DocumentSource[] = [];
  const folder = inputFolder === undefined ? {} : { folder: inputFolder };
  for (const file of files) {
    if (file === '-') sources.push({ text: await readInput(terminal), name: INPUT, ...folder });
    else if (await isFolder(file)) sources.push(...(await documentsInFolder(file)));
    else sources.push({ file });
  }
  return sources.length > 1 ? inVersionOrder(sources) : sources;
}

/** The importer says what is wrong with a text that is too long; there is no need to read on then. */
async function readInput({ input }: Terminal): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  try {
    for await (const chunk of input) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > MAX_DOCUMENT_BYTES) return text;
    }
    return text + decoder.decode();
  } catch (cause) {
    throw new DocumentError(`${INPUT}: it is not UTF-8 text. Save it as UTF-8.`, {
      path: INPUT,
      cause,
    });
  }
}

/** What cannot be looked at is left to the reader, which says why. */
async function isFolder(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
