import type { Change, Entry, Expectation, GType } from '@gati-framework/manifest-store';
import type { ImportableDocument } from '../document/importable-document.js';
import { canonicalJson } from '../gtypes/canonical-gtype.js';
import { renameStubs } from '../gtypes/map-gtype.js';
import { baseRef, versionedRef } from '../gtypes/refs.js';
import type { TypeUniverse } from '../gtypes/type-universe.js';
import { assertStorableRefs } from './assert-storable-keys.js';
import { matchTypes } from './match-types.js';
import type { StoredState } from './stored-state.js';

export interface TypesReport {
  /** Refs of types whose name is new to the store. */
  readonly added: readonly string[];
  /** Refs of types that the store has under the same name, but with another meaning. */
  readonly changed: readonly string[];
  readonly unchanged: number;
  /** Refs of unchanged types whose descriptions differ from the stored ones, which are kept. */
  readonly redescribed: readonly string[];
}

export interface TypesPlan {
  readonly report: TypesReport;
  readonly changes: readonly Change[];
  readonly expect: readonly Expectation[];
  /** Where each type of the document is stored. */
  readonly refOf: (ref: string) => string;
}

/**
 * Where each type of a document is stored. A stored type is never changed, as
 * handlers of older versions refer to it: a type with a new meaning gets a ref of its own.
 */
export function planTypes(
  document: ImportableDocument,
  universe: TypeUniverse,
  stored: StoredState,
  versionName: string,
): TypesPlan {
  const matches = matchTypes(document.types.keys(), universe, stored);
  const added: string[] = [];
  const changed: string[] = [];
  const refs = new Map<string, string>();
  for (const ref of document.types.keys()) {
    const match = matches.get(ref);
    if (match !== undefined) refs.set(ref, match);
    else if (!stored.types.has(ref)) {
      refs.set(ref, ref);
      added.push(ref);
    } else {
      const changedRef = freeRef(ref, versionName, stored);
      refs.set(ref, changedRef);
      changed.push(changedRef);
    }
  }
  assertStorableRefs(document, refs);
  const refOf = (ref: string): string => refs.get(ref) ?? ref;
  const fresh = [...added, ...changed];
  const changes = fresh.map((ref): Change => {
    const type = renameStubs(document.types.get(baseRef(ref)) as GType, refOf);
    return { put: 'gtype', value: { ...type, ref } };
  });
  const reused = Array.from(matches.values(), (ref) => stored.types.get(ref) as Entry<'gtype'>);
  const expect: Expectation[] = [
    ...reused,
    ...fresh.map((ref): Expectation => ({ kind: 'gtype', key: { ref }, revision: null })),
  ];
  const redescribed = Array.from(matches).flatMap(([ref, storedRef]) =>
    isRedescribed(document.types.get(ref) as GType, (stored.types.get(storedRef) as Entry<'gtype'>).value)
      ? [storedRef]
      : [],
  );
  return { report: { added, changed, unchanged: matches.size, redescribed }, changes, expect, refOf };
}

/** Stores none of the types of a document, as its handlers are left alone. */
export function keepTypes(document: ImportableDocument): TypesPlan {
  const report = { added: [], changed: [], unchanged: document.types.size, redescribed: [] };
  return { report, changes: [], expect: [], refOf: (ref) => ref };
}

/** `User@2.0.0`; numbered on when another document has taken that. */
function freeRef(ref: string, versionName: string, stored: StoredState): string {
  const wanted = versionedRef(ref, versionName);
  let candidate = wanted;
  for (let n = 2; stored.types.has(candidate); n++) candidate = `${wanted}~${n}`;
  return candidate;
}

/** Given that both mean the same. */
function isRedescribed(type: GType, storedType: GType): boolean {
  return descriptions(type) !== descriptions(storedType);
}

function descriptions(type: GType): string {
  const found: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (name === 'description' && typeof inner === 'string') found.push(`${path}: ${inner}`);
      else walk(inner, Array.isArray(value) ? path : `${path}.${name}`);
    }
  };
  walk(type, '');
  return canonicalJson(found.sort());
}
