import { DocumentProblem } from './document-problem.js';
import { joinPlace } from './place.js';

/** Deepest nesting of a document. */
export const MAX_DOCUMENT_DEPTH = 200;
/** Most values in a document, counted as if every YAML alias were written out. */
const MAX_VALUES = 5_000_000;

/**
 * Refuses what no part of the importer should have to think about again: too
 * much, too deep, circular, and names that are dangerous as property names.
 * The files of one document are counted together.
 */
export class PlainDocumentCheck {
  #values = 0;

  assertPlain(document: unknown): void {
    this.#check(document, '', 0);
  }

  #check(value: unknown, place: string, depth: number): void {
    this.#values += 1;
    if (this.#values > MAX_VALUES) this.#refuseSize();
    if (typeof value !== 'object' || value === null) return;
    if (depth >= MAX_DOCUMENT_DEPTH) {
      throw new DocumentProblem(
        place,
        `the document is nested more than ${MAX_DOCUMENT_DEPTH} levels deep, or contains itself`,
        'Give inner schemas a name under components.schemas, and use $ref where a schema is recursive.',
      );
    }
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) this.#check(value[i], joinPlace(place, i), depth + 1);
      return;
    }
    for (const name of Object.keys(value)) {
      const inner = joinPlace(place, name);
      if (name === '__proto__') {
        throw new DocumentProblem(inner, 'nothing can be stored under the name "__proto__"', 'Rename it.');
      }
      this.#check((value as Record<string, unknown>)[name], inner, depth + 1);
    }
  }

  #refuseSize(): never {
    throw new DocumentProblem(
      '',
      `it holds more than ${MAX_VALUES} values once its aliases are written out`,
      'Split it, or use $ref in place of aliases.',
    );
  }
}
