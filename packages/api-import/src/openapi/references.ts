import { decodePercent } from '../document/decode-percent.js';
import type { DocumentFiles } from '../document/document-files.js';
import { DocumentProblem } from '../document/document-problem.js';
import { isList, isObject, own } from '../document/json-object.js';
import { fileOfPlace, joinPlace, rootOfFile } from '../document/place.js';

/** A part of a document and where it stands. */
export interface Located {
  readonly value: unknown;
  readonly place: string;
}

/** What a `$ref` points at. */
export interface Target extends Located {
  /** As of `DocumentFiles`; empty for the document itself. */
  readonly file: string;
  /** Names that lead to it from the root of the file. */
  readonly path: readonly string[];
}

/** Follows the `$ref`s of one document and of the files that it refers to. A `$ref` is relative to the file it stands in. */
export class References {
  readonly #files: DocumentFiles;

  constructor(files: DocumentFiles) {
    this.#files = files;
  }

  /** What a part is, after following its `$ref`, and the `$ref` there, and so on. */
  follow(value: unknown, place: string): Located {
    const seen = new Set<string>();
    let current: Located = { value, place };
    while (isObject(current.value) && typeof own(current.value, '$ref') === 'string') {
      const reference = own(current.value, '$ref') as string;
      current = this.target(reference, joinPlace(current.place, '$ref'));
      if (seen.has(current.place)) {
        throw new DocumentProblem(place, `"${reference}" refers to itself`, 'Let it refer to a definition.');
      }
      seen.add(current.place);
    }
    return current;
  }

  /**
   * What a single `$ref` points at.
   *
   * @param place Where it stands, which tells what it is relative to.
   */
  target(reference: unknown, place: string): Target {
    if (typeof reference !== 'string') {
      throw new DocumentProblem(place, 'a $ref must be text', 'Write it as "#/components/schemas/Name".');
    }
    const [filePath = '', ...rest] = reference.split('#');
    const from = fileOfPlace(place);
    const file = filePath === '' ? from : this.#files.resolve(from, filePath, place);
    const path = parsePointer(rest.join('#'), file, reference, place);
    return { ...this.#find(path, file, reference, place), file, path };
  }

  #find(path: readonly string[], file: string, reference: string, place: string): Located {
    let value = this.#files.content(file);
    let found = rootOfFile(file);
    for (const name of path) {
      const next = step(value, name);
      if (next === undefined) {
        throw new DocumentProblem(
          place,
          `"${reference}" refers to ${joinPlace(found, name)}, which is not there`,
          'Correct the reference, or define its target; if the end of the file is missing, get the whole file.',
        );
      }
      found = joinPlace(found, Array.isArray(value) ? Number(name) : name);
      value = next;
    }
    return { value, place: found };
  }
}

/** The names along a pointer such as `/components/schemas/User`; none for a whole file other than the document. */
function parsePointer(pointer: string, file: string, reference: string, place: string): string[] {
  if (pointer === '' && file !== '') return [];
  if (!pointer.startsWith('/')) {
    throw new DocumentProblem(
      place,
      `"${reference}" is not a path in ${file === '' ? 'this document' : file}`,
      'Anchors cannot be followed: write it as "#/components/schemas/Name".',
    );
  }
  return pointer
    .slice(1)
    .split('/')
    .map((part) => unescapePart(part, reference, place));
}

function unescapePart(part: string, reference: string, place: string): string {
  return decodePercent(part, reference, place).replaceAll('~1', '/').replaceAll('~0', '~');
}

function step(value: unknown, name: string): unknown {
  if (isObject(value)) return own(value, name);
  if (isList(value) && /^(0|[1-9]\d*)$/.test(name)) return value[Number(name)];
  return undefined;
}
