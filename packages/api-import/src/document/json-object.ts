import { DocumentProblem } from './document-problem.js';

/** An object of a document. Read it with {@link own}: names such as `constructor` are ordinary here. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** With items of which nothing is known yet: `Array.isArray` would let them pass for anything. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** A property of the object itself, never of its prototype. */
export function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Not there, or a name with nothing behind it in YAML. Where nothing is as good as no name, one is read as the other. */
export function isBlank(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

export function expectObject(value: unknown, place: string, what: string): JsonObject {
  if (isObject(value)) return value;
  throw wrongType(value, place, what, 'an object');
}

export function expectArray(value: unknown, place: string, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrongType(value, place, what, 'a list');
}

export function expectString(value: unknown, place: string, what: string): string {
  if (typeof value === 'string') return value;
  throw wrongType(value, place, what, 'text');
}

function wrongType(value: unknown, place: string, what: string, wanted: string): DocumentProblem {
  if (value === undefined || value === null) {
    const problem = value === null ? `${what} is empty` : `${what} is missing`;
    return new DocumentProblem(
      place,
      problem,
      'Fill it in; if the end of the file is missing, get the whole file.',
    );
  }
  const quotable = wanted === 'text' && typeof value !== 'object';
  return new DocumentProblem(
    place,
    `${what} must be ${wanted}, not ${quotable ? `the ${typeof value} ${String(value)}` : nameOfType(value)}`,
    quotable ? 'Put it in quotes.' : 'Correct it.',
  );
}

export function nameOfType(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
