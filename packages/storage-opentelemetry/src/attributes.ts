import { type RecordKind, StorageError, type StorageMessage } from '@gati-framework/manifest-store';
import type { Attributes } from '@opentelemetry/api';

/** Well-known names of database systems, by the names of storages. Others are known by the name of the storage. */
const SYSTEMS: Readonly<Record<string, string>> = {
  postgres: 'postgresql',
  'better-sqlite3': 'sqlite',
  'node-sqlite': 'sqlite',
  sqljs: 'sqlite',
};

export interface Operation {
  readonly name: string;
  readonly kind?: RecordKind | undefined;
}

/** Which database, as its stable conventions name it. */
export function storeAttributes({ backend, store }: Pick<StorageMessage, 'backend' | 'store'>): Attributes {
  const system = Object.hasOwn(SYSTEMS, backend) ? SYSTEMS[backend] : backend;
  return {
    'db.system.name': system,
    'gati.storage.backend': backend,
    ...(store !== undefined && { 'db.namespace': store }),
  };
}

/** What was done, to which database, and how it failed. Nothing of it comes out of a record or an error's text. */
export function operationAttributes(message: StorageMessage, { name, kind }: Operation): Attributes {
  return {
    ...storeAttributes(message),
    'db.operation.name': name,
    ...(kind !== undefined && { 'db.collection.name': kind }),
    ...errorAttributes(message),
  };
}

/** The code of a StorageError; of what an iterator of the caller's threw, its class. */
export function errorAttributes({ error }: StorageMessage): Attributes {
  if (error === undefined) return {};
  return { 'error.type': error instanceof StorageError ? error.code : classOf(error) };
}

function classOf(error: unknown): string {
  return error instanceof Error ? error.constructor.name : '_OTHER';
}
