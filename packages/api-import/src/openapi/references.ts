import { DocumentProblem } from '../document/document-problem.js';
import { isObject, type JsonObject, own } from '../document/json-object.js';
import { joinPlace } from '../document/place.js';

/** A part of a document and where it stands. */
export interface Located {
  readonly value: unknown;
  readonly place: string;
}

/** Follows the `$ref`s of one document. */
export class References {
  readonly #root: JsonObject;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /** What a part is, after following its `$ref`, and the `$ref` there, and so on. */
  follow(value: unknown, place: string): Located {
    const seen = new Set<string>();
    let current: Located = { value, place };
    while (isObject(current.value) && typeof own(current.value, '$ref') === 'string') {
      const reference = own(current.value, '$ref') as string;
      if (seen.has(reference)) {
        throw new DocumentProblem(place, `"${reference}" refers to itself`, 'Let it refer to a definition.');
      }
      seen.add(reference);
      current = this.target(reference, joinPlace(current.place, '$ref'));
    }
    return current;
  }

  /** What a single `$ref` points at. */
  target(reference: unknown, place: string): Located {
    const path = parseReference(reference, place);
    let value: unknown = this.#root;
    let found = '';
    for (const name of path) {
      const next = step(value, name);
      if (next === undefined) {
        const missing = joinPlace(found, name);
        throw new DocumentProblem(
          place,
          `"${reference as string}" refers to ${missing}, which is not there`,
          'Correct the reference, or define its target; if the end of the file is missing, get the whole file.',
        );
      }
      found = joinPlace(found, Array.isArray(value) ? Number(name) : name);
      value = next;
    }
    return { value, place: found };
  }
}

/** The names along a reference such as `#/components/schemas/User`. */
export function parseReference(reference: unknown, place: string): string[] {
  if (typeof reference !== 'string') {
    throw new DocumentProblem(place, 'a $ref must be text', 'Write it as "#/components/schemas/Name".');
  }
  if (!reference.startsWith('#')) {
    throw new DocumentProblem(
      place,
      `"${reference}" refers to another document`,
      'Only references inside one document can be followed: bundle the documents into one first.',
    );
  }
  if (!reference.startsWith('#/')) {
    throw new DocumentProblem(
      place,
      `"${reference}" is not a path in this document`,
      'Anchors cannot be followed: write it as "#/components/schemas/Name".',
    );
  }
  return reference
    .slice(2)
    .split('/')
    .map((part) => unescapePart(part, reference, place));
}

function unescapePart(part: string, reference: string, place: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch (error) {
    throw new DocumentProblem(
      place,
      `"${reference}" has a malformed percent escape`,
      'Write a literal "%" as "%25".',
      error,
    );
  }
}

function step(value: unknown, name: string): unknown {
  if (isObject(value)) return own(value, name);
  if (Array.isArray(value) && /^(0|[1-9]\d*)$/.test(name)) return (value as unknown[])[Number(name)];
  return undefined;
}
