import { decodeRecord, type StoredRecord } from '@gati-framework/storage-kit';

/** The handler that a record is of; `undefined` where that cannot be read, which whoever decodes the record is told. */
export function handlerOf({ kind, key, revision, ...stored }: StoredRecord): string | undefined {
  try {
    const { value } = decodeRecord(kind, key, stored, revision);
    return 'handlerId' in value ? value.handlerId : undefined;
  } catch {
    return undefined;
  }
}
