import { isDeepStrictEqual } from 'node:util';
import { diffArrays } from 'diff';

/** One place in a record where two of them differ. */
export interface FieldDifference {
  /** e.g. `policies.roles[1]`, `versions[2.0.0].active`; `''` for the value as a whole. */
  readonly path: string;
  /** Absent: it was not there. */
  readonly before?: unknown;
  /** Absent: it is no longer there. */
  readonly after?: unknown;
}

/**
 * Where two values differ, in the order of their fields. Elements of a list are matched by what names them
 * (a version, an id, a path) where they have such a name, else by what stays in
 * order: one that was inserted is one difference, not one for each behind it. One that stands where another of its kind
 * stood is compared with that.
 */
export function fieldDifferences(
  before: unknown,
  after: unknown,
  path: string = '',
): readonly FieldDifference[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return ofLists(before, after, path);
  if (isFields(before) && isFields(after)) return ofFields(before, after, (name) => fieldPath(path, name));
  return [{ path, before, after }];
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function fieldPath(path: string, name: string): string {
  if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

function ofFields(before: Fields, after: Fields, pathTo: (name: string) => string): FieldDifference[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    const path = pathTo(name);
    if (!Object.hasOwn(after, name)) return [{ path, before: before[name] }];
    if (!Object.hasOwn(before, name)) return [{ path, after: after[name] }];
    return fieldDifferences(before[name], after[name], path);
  });
}

function ofLists(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
): readonly FieldDifference[] {
  const named = NAMING_FIELDS.find((field) => isNamedBy(before, field) && isNamedBy(after, field));
  if (named !== undefined) {
    return ofFields(byName(before, named), byName(after, named), (name) => `${path}[${name}]`);
  }
  return ofSequences(before, after, path);
}

/** What names an element of a list in a record: the versions of a graph, hooks, transformations. */
const NAMING_FIELDS = ['version', 'id', 'ref', 'path', 'transformerId'] as const;

function isNamedBy(list: readonly unknown[], field: string): boolean {
  const names = list.map((element) => (isFields(element) ? element[field] : undefined));
  return names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
}

function byName(list: readonly unknown[], field: string): Fields {
  return Object.fromEntries(list.map((element) => [String((element as Fields)[field]), element]));
}

function ofSequences(before: readonly unknown[], after: readonly unknown[], path: string): FieldDifference[] {
  const found: FieldDifference[] = [];
  let from = 0;
  let to = 0;
  let gone: readonly unknown[] = [];
  const parts = diffArrays([...before], [...after], { comparator: isDeepStrictEqual });
  for (const { added, removed, value } of [...parts, { added: false, removed: false, value: [] }]) {
    if (removed) {
      gone = value;
      continue;
    }
    found.push(...ofReplaced(gone, added ? value : [], { from, to }, path));
    from += gone.length + (added ? 0 : value.length);
    to += value.length;
    gone = [];
  }
  return found;
}

/** @param places Where those that are gone were, and where those that came are. */
function ofReplaced(
  gone: readonly unknown[],
  come: readonly unknown[],
  { from, to }: { readonly from: number; readonly to: number },
  path: string,
): readonly FieldDifference[] {
  if (gone.length === come.length && gone.every((element, i) => isOfOneKind(element, come[i])))
    return gone.flatMap((element, i) => fieldDifferences(element, come[i], `${path}[${to + i}]`));
  return [
    ...gone.map((element, i) => ({ path: `${path}[${from + i}]`, before: element })),
    ...come.map((element, i) => ({ path: `${path}[${to + i}]`, after: element })),
  ];
}

/** Whether two elements have the same fields, and agree in one of them. */
function isOfOneKind(one: unknown, other: unknown): boolean {
  if (!isFields(one) || !isFields(other)) return false;
  const names = Object.keys(one);
  const isSame =
    names.length === Object.keys(other).length && names.every((name) => Object.hasOwn(other, name));
  return isSame && names.some((name) => isDeepStrictEqual(one[name], other[name]));
}
