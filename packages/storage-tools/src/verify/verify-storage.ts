import type { Entry, RecordKind, Storage, StorageError } from '@gati-framework/manifest-store';
import { describeKey, type KeyTuple, keyTuple } from '@gati-framework/manifest-store/backend';
import { checkStorage } from '../check-storage.js';
import { FoundRecords } from './found-records.js';
import type { StoreProblem } from './problem.js';
import { shapeFaults } from './record-shapes.js';

export interface VerifyOptions {
  /** Called after each record, with how many were read. */
  onProgress?: (records: number) => void;
}

export interface VerifySummary {
  /** How many records were read, those among them that cannot be read. */
  readonly records: number;
}

/**
 * Reads every record, as of one moment, and says what is wrong: whether a record's text is what
 * was stored, whether its fields are of the types of its kind, and whether what it
 * refers to is there. Faults of a record come when it is read, those of
 * references at the end.
 *
 * Memory: the keys and references of all records, not their values.
 */
export async function* verifyStorage(
  storage: Pick<Storage, 'entries'>,
  { onProgress }: VerifyOptions = {},
): AsyncGenerator<StoreProblem, VerifySummary, undefined> {
  checkStorage(storage);
  const found = new FoundRecords();
  const unreadable: StoreProblem[] = [];
  let records = 0;
  const onUnreadable = (error: StorageError): void => {
    records += 1;
    const problem = unreadableRecord(error);
    found.addName(problem.kind, problem.key);
    unreadable.push(problem);
  };
  for await (const entry of storage.entries({ onUnreadable })) {
    yield* unreadable.splice(0);
    records += 1;
    const faults = wrongFields(entry);
    yield* faults;
    // The references of a record that is not what it should be cannot be followed.
    if (faults.length === 0) found.add(entry);
    else found.addName(entry.kind, keyTuple(entry.kind, entry.key));
    onProgress?.(records);
  }
  yield* unreadable;
  yield* found.brokenReferences();
  return { records };
}

function unreadableRecord({ code, message, details }: StorageError): StoreProblem {
  const { kind, key } = details as { kind: RecordKind; key: KeyTuple };
  return { code: code === 'STORAGE_CORRUPT' ? 'damaged' : 'unsupported', kind, key, path: '', message };
}

function wrongFields({ kind, key, value }: Entry): readonly StoreProblem[] {
  const tuple = keyTuple(kind, key);
  return shapeFaults(kind, value).map(({ path, fault }) => ({
    code: 'wrong-type',
    kind,
    key: tuple,
    path,
    message: `${describeKey(kind, tuple)} is not what a ${kind} should be at ${path}: ${fault}. Store it again.`,
  }));
}
