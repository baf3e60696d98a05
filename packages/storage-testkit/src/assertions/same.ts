import assert from 'node:assert/strict';
import { fieldOf } from '../untyped.js';

/**
 * Fails unless both are the same value through and through. Stricter than
 * `deepStrictEqual`: the order of properties counts, and two invalid dates are
 * the same.
 */
export function assertSame(actual: unknown, expected: unknown, name = 'the result'): void {
  const difference = findDifference(actual, expected, name);
  // Without the values themselves: reporters choke on invalid dates and print a megabyte of text.
  if (difference !== undefined) assert.fail(difference);
}

/** The first difference as a sentence, e.g. `the result.roles[1] is "b", and should be "a"`. */
export function findDifference(actual: unknown, expected: unknown, path: string): string | undefined {
  if (Object.is(actual, expected)) return undefined;
  if (typeof actual !== 'object' || typeof expected !== 'object' || actual === null || expected === null) {
    return `${path} is ${show(actual)}, and should be ${show(expected)}`;
  }
  const type = typeName(expected);
  if (typeName(actual) !== type) return `${path} is of type ${typeName(actual)}, and should be ${type}`;
  return (
    compareContent(actual, expected, path) ??
    (ArrayBuffer.isView(expected) ? undefined : compareProperties(actual, expected, path))
  );
}

function compareContent(actual: object, expected: object, path: string): string | undefined {
  const items = contentOf(expected);
  if (items === undefined) return undefined;
  return findDifference(contentOf(actual), items, `the content of ${path}`);
}

/** What an object holds beside its properties. */
function contentOf(value: object): unknown[] | undefined {
  // The elements of a typed array are its properties, whatever its type.
  return ArrayBuffer.isView(value) ? Object.values(value) : CONTENTS[typeName(value)]?.(value as never);
}

/** By the names of types: an object may come from another realm, with a class of its own. */
const CONTENTS: Readonly<Record<string, (value: never) => unknown[]>> = {
  Date: (value: Date) => [value.getTime()],
  RegExp: ({ source, flags, lastIndex }: RegExp) => [source, flags, lastIndex],
  Map: (value: Map<unknown, unknown>) => [...value],
  Set: (value: Set<unknown>) => [...value],
  ArrayBuffer: (value: ArrayBuffer) => [...new Uint8Array(value)],
};

function compareProperties(actual: object, expected: object, path: string): string | undefined {
  const names = Reflect.ownKeys(actual);
  const expectedNames = Reflect.ownKeys(expected);
  if (names.length !== expectedNames.length || names.some((name, i) => name !== expectedNames[i])) {
    return `${path} has the properties ${showNames(names)}, and should have ${showNames(expectedNames)}`;
  }
  for (const name of expectedNames) {
    const place = `${path}[${showName(name)}]`;
    const difference = findDifference(fieldOf(actual, name), fieldOf(expected, name), place);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function typeName(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return 'object without prototype';
  const type = fieldOf(prototype, 'constructor');
  return typeof type === 'function' ? type.name : 'unknown';
}

function showName(name: string | symbol): string {
  return typeof name === 'symbol' ? String(name) : JSON.stringify(name);
}

function showNames(names: readonly (string | symbol)[]): string {
  return `[${shorten(names.map(showName).join(', '))}]`;
}

/** A value as it is shown in a message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return shorten(JSON.stringify(value));
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? `an array of ${value.length}` : `an object (${typeName(value)})`;
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}… (${text.length} characters)` : text;
}
