import type { StorageMessage } from '@gati-framework/manifest-store';
import type { ResolvedOptions } from './options.js';

/** As messages of the tracing channels name a store: by its database, where that is known, and its schema. */
export function storeName({
  servers,
  pool,
  schema,
}: Pick<ResolvedOptions, 'servers' | 'pool' | 'schema'>): Pick<StorageMessage, 'backend' | 'store'> {
  const database = servers[0]?.database ?? pool?.options?.database;
  return { backend: 'postgres', store: database === undefined ? schema : `${database}|${schema}` };
}
