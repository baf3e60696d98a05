import { isList } from '../document/json-object.js';

/** One way of being allowed in: every scheme named, with all of its scopes. */
export type SecurityAlternative = Readonly<Record<string, readonly string[]>>;

/** Reads back the alternatives that an import stored; empty for a value of any other origin. */
export function asSecurity(value: unknown): readonly SecurityAlternative[] {
  return isList(value) ? value.filter(isRecord).map(asAlternative) : [];
}

function asAlternative(item: Readonly<Record<string, unknown>>): SecurityAlternative {
  return Object.fromEntries(
    Object.entries(item).map(([scheme, scopes]) => [scheme, Array.isArray(scopes) ? scopes.map(String) : []]),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
