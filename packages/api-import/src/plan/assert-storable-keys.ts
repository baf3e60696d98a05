import { StorageError } from '@gati-framework/manifest-store';
import { assertKeyField } from '@gati-framework/manifest-store/backend';
import { DocumentProblem } from '../document/document-problem.js';
import type { ImportableDocument } from '../document/importable-document.js';
import { joinPlace } from '../document/place.js';

/** Refuses names that cannot be keys, saying which part of the document they come from. */
export function assertStorableHandlers(document: ImportableDocument, versionName: string): void {
  assertKey(versionName, 'the version', document.version?.place ?? '');
  for (const { handlerId, place, declared } of document.handlers) {
    assertKey(handlerId, 'the id of an operation', place);
    if (declared !== undefined)
      assertKey(declared.version, 'the version', joinPlace(place, 'timescapeVersion'));
  }
}

/** The same for the refs that types are to be stored under, by the ref that they have in the document. */
export function assertStorableRefs(document: ImportableDocument, refs: ReadonlyMap<string, string>): void {
  const places = new Map<string, string>();
  for (const { gtypes, place } of document.handlers) {
    for (const ref of Object.values(gtypes)) places.set(ref, place);
  }
  for (const [ref, storedRef] of refs) {
    assertKey(storedRef, 'the name of a type', places.get(ref) ?? joinPlace('components.schemas', ref));
  }
}

function assertKey(key: string, what: string, place: string): void {
  try {
    assertKeyField(key, what);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const shown = key.length > 60 ? `${key.slice(0, 57)}...` : key;
    throw new DocumentProblem(
      place,
      `${error.message.replace(/\.$/, '')}: ${JSON.stringify(shown)}`,
      'Choose another name.',
      error,
    );
  }
}
