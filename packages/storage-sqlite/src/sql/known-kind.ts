import { type RecordKind, StorageError } from '@gati-framework/manifest-store';
import { RECORD_KINDS } from '@gati-framework/manifest-store/backend';

/**
 * The kind that a stored change names. A kind that came later has a schema
 * version of its own, which keeps older libraries out; this is for what gets
 * past that, as a log whose database a newer library had not written yet.
 *
 * @param location How the error names the place.
 */
export function knownKind(name: unknown, location: string): RecordKind {
  if (isKind(name)) return name;
  throw new StorageError(
    'STORAGE_SCHEMA_TOO_NEW',
    `${location} holds a change of the kind ${JSON.stringify(name)}, which this library does not know: a newer one ` +
      'wrote it. Nothing was changed. Update the storage package.',
    { details: { kind: name } },
  );
}

function isKind(name: unknown): name is RecordKind {
  return typeof name === 'string' && Object.hasOwn(RECORD_KINDS, name);
}
