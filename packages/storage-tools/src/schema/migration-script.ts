import { missingOr } from '../open/schemes.js';
import { inspectStore, type StoreInspection, sqliteTools, sqljsTools } from './inspect-store.js';

/**
 * The SQL that brings a store to the newest schema, as one transaction; `''` where there is nothing to do, and for
 * `memory:` and `etcd:`, which have none that SQL makes.
 *
 * @throws StorageError As {@link inspectStore} does.
 */
export async function migrationScript(url: string): Promise<string> {
  const inspection = await inspectStore(url);
  const { schemaVersion = 0, knownVersion = 0 } = inspection;
  if (inspection.scheme === 'etcd') return '';
  return schemaVersion >= knownVersion ? '' : await scriptFor(inspection, schemaVersion);
}

async function scriptFor({ scheme, schema }: StoreInspection, from: number): Promise<string> {
  if (scheme === 'sqljs') return (await sqljsTools()).schemaScript(from);
  if (scheme === 'sqlite') return (await sqliteTools()).schemaScript(from);
  try {
    const { schemaScript } = await import('@gati-framework/storage-postgres');
    return schemaScript({ from, ...(schema === undefined ? {} : { schema }) });
  } catch (error) {
    throw missingOr(error, 'postgres', '@gati-framework/storage-postgres pg');
  }
}
