import { closeSync, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import type { PlainDocumentCheck } from './assert-plain-document.js';
import { decodePercent } from './decode-percent.js';
import { DocumentProblem } from './document-problem.js';
import { MAX_DOCUMENT_BYTES } from './max-document-bytes.js';
import { parseText } from './parse-text.js';
import { rootOfFile } from './place.js';
import { tooLarge, unreadable } from './unreadable.js';

/** Most files of one document, itself included. */
const MAX_FILES = 10_000;
const BUNDLE = 'Or bundle the documents into one first, e.g. with "npx @redocly/cli bundle".';

export interface DocumentSite {
  /** Where the files are that the document may refer to; without it, there are none. */
  readonly folder: string | undefined;
  /** Name of the document in that folder, if it is a file. */
  readonly name: string | undefined;
  /** Size of the document itself: it and its files together have the bounds of one document. */
  readonly bytes: number;
  readonly check: PlainDocumentCheck;
}

/**
 * The files that a document refers to, each read once. Only regular files below
 * its folder are, wherever symbolic links lead: a document from elsewhere must not
 * learn what else is on the machine. Reading is synchronous, as it is done while
 * references are followed, and parsing takes far longer.
 */
export class DocumentFiles {
  readonly #site: DocumentSite;
  readonly #files: Map<string, unknown>;
  #folder: string | undefined;
  #bytes: number;

  constructor(document: unknown, site: DocumentSite) {
    this.#site = site;
    this.#bytes = site.bytes;
    this.#files = new Map([['', document]]);
  }

  /** Content of a file that {@link resolve} gave, or of the document itself for the empty name. */
  content(file: string): unknown {
    return this.#files.get(file);
  }

  /**
   * Reads the file that a reference leads to.
   *
   * @param from File that the reference stands in; empty for the document itself.
   * @param path The reference up to its `#`.
   * @param place Where the reference stands.
   * @returns Name of the file, the same however it is referred to: `./models/user.yaml`.
   */
  resolve(from: string, path: string, place: string): string {
    const wanted = posix.join(posix.dirname(decodePercent(from, from, place)), this.#localPath(path, place));
    if (wanted === '..' || wanted.startsWith('../')) throw outside(path, place);
    const folder = this.#openFolder(path, place);
    const real = this.#realPath(join(folder, wanted), path, place);
    if (!real.startsWith(folder.endsWith(sep) ? folder : folder + sep)) throw outside(path, place);
    const name = relative(folder, real).split(sep).join('/');
    const file = `./${name.replace(/[%#]/g, encodeURIComponent)}`;
    if (this.#isDocument(folder, real)) return '';
    if (!this.#files.has(file)) this.#files.set(file, this.#read(real, file, path, place));
    return file;
  }

  #localPath(path: string, place: string): string {
    if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(path)) {
      throw new DocumentProblem(
        place,
        `"${path}" is an address, and nothing is fetched`,
        `Save it below the folder of the document. ${BUNDLE}`,
      );
    }
    const local = decodePercent(path, path, place);
    if (local.startsWith('/')) throw outside(path, place);
    if (/[\\\0?]/.test(local)) {
      throw new DocumentProblem(place, `"${path}" is not the path of a file`, 'Write it as "./file.yaml".');
    }
    return local;
  }

  #openFolder(path: string, place: string): string {
    const { folder } = this.#site;
    if (folder === undefined) {
      throw new DocumentProblem(
        place,
        `"${path}" refers to another file, and the document is not in a folder`,
        `Import it as a file, or name the folder that its references start from (--folder). ${BUNDLE}`,
      );
    }
    this.#folder ??= realpathSync(folder);
    return this.#folder;
  }

  #realPath(file: string, path: string, place: string): string {
    try {
      return realpathSync(file);
    } catch (error) {
      throw missing(error, path, place);
    }
  }

  #isDocument(folder: string, real: string): boolean {
    const { name } = this.#site;
    return name !== undefined && realpathSync(join(folder, name)) === real;
  }

  #read(real: string, file: string, path: string, place: string): unknown {
    if (this.#files.size >= MAX_FILES) {
      throw new DocumentProblem(
        place,
        `the document has more than ${MAX_FILES} files`,
        `Join some of them. ${BUNDLE}`,
      );
    }
    const text = this.#readText(real, path, place);
    try {
      const content = parseText(text);
      this.#site.check.assertPlain(content);
      return content;
    } catch (error) {
      if (!(error instanceof DocumentProblem)) throw error;
      throw new DocumentProblem(rootOfFile(file) + error.place, error.message, error.remedy, error.cause);
    }
  }

  #readText(real: string, path: string, place: string): string {
    try {
      const bytes = readRegularFile(real, MAX_DOCUMENT_BYTES - this.#bytes);
      this.#bytes += bytes.length;
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch (error) {
      throw missing(error, path, place);
    }
  }
}

/** Not a device or pipe, which might never end. */
function readRegularFile(file: string, limit: number): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) throw new DocumentProblem('', 'it is not a file', 'Refer to a file.');
    if (found.size > limit) throw tooLarge();
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function outside(path: string, place: string): DocumentProblem {
  return new DocumentProblem(
    place,
    `"${path}" leads out of the folder of the document, and only files below it are read`,
    `Move the document above the files that it refers to. ${BUNDLE}`,
  );
}

function missing(error: unknown, path: string, place: string): DocumentProblem {
  const problem = error instanceof DocumentProblem ? error : unreadable(error);
  return new DocumentProblem(place, `"${path}": ${problem.message}`, problem.remedy, problem.cause);
}
