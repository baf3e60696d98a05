import { type Revision, StorageError } from '@gati-framework/manifest-store';
import type { Retention } from '@gati-framework/manifest-store/backend';
import type { KeyValue } from '../wire/messages.js';

/** The form of what is stored. A library refuses one that is newer than it knows. */
export const FORMAT = 1;

/** Where the log ends. */
export interface Head {
  readonly format: number;
  /** Tells this store from others that were at the same place. */
  readonly epoch: string;
  readonly revision: Revision;
  /** The group that made the revision; empty before the first. */
  readonly group: string;
  /** Of the next record that is not there yet. */
  readonly position: number;
  /** How many changes there ever were. */
  readonly changes: number;
}

/** Where the log begins. */
export interface Tail {
  readonly format: number;
  readonly epoch: string;
  /** The first revision that can be read: the log holds what came after it. */
  readonly oldest: Revision;
  /** The rows tell of the store after this revision, or a later one. */
  readonly indexed: Revision;
  /** How many changes there were at `indexed`. */
  readonly indexedChanges: number;
  readonly retention: Retention;
}

export function writeEnd(end: Head | Tail): Buffer {
  return Buffer.from(JSON.stringify(end));
}

/** Throws `STORAGE_FOREIGN` where it is none, and `STORAGE_SCHEMA_TOO_NEW`. */
export function readHead(kv: KeyValue): Head {
  return readEnd<Head>(kv, ['epoch', 'revision', 'group', 'position', 'changes']);
}

/** As {@link readHead}. */
export function readTail(kv: KeyValue): Tail {
  return readEnd<Tail>(kv, ['epoch', 'oldest', 'indexed', 'indexedChanges', 'retention']);
}

function readEnd<T extends Head | Tail>({ key, value }: KeyValue, fields: readonly (keyof T & string)[]): T {
  const end = parsed(value);
  const format = Object.hasOwn(end, 'format') ? end.format : undefined;
  if (typeof format !== 'number') throw foreign(key);
  if (format > FORMAT) {
    throw new StorageError(
      'STORAGE_SCHEMA_TOO_NEW',
      `The store at ${key} has the format ${format}, and this library knows ${FORMAT}. Update @gati-framework/storage-etcd.`,
    );
  }
  if (fields.some((field) => !Object.hasOwn(end, field))) throw foreign(key);
  return end as T;
}

function parsed(value: Buffer): { format?: unknown } {
  try {
    return Object(JSON.parse(value.toString()));
  } catch {
    return {};
  }
}

/** @param key One that is there and is not of a store. */
export function foreign(key: string): StorageError {
  return new StorageError(
    'STORAGE_FOREIGN',
    `The key ${key} is not of a Gati store. Give the store a prefix of its own (options.prefix); nothing was changed.`,
  );
}
