import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { dropPrefix } from '../../../storage-etcd/test/support/places.js';
import { dropSchema } from '../../../storage-postgres/test/support/schemas.js';

export type Backend = 'memory' | 'SQLite' | 'sql.js' | 'PostgreSQL' | 'etcd';

/** Those that this machine has. */
export const BACKENDS: readonly Backend[] = [
  'memory',
  'SQLite',
  'sql.js',
  'PostgreSQL',
  ...(inject('etcdUrl') === '' ? [] : (['etcd'] as const)),
];

export interface OwnStore {
  readonly url: string;
  remove(): Promise<void>;
}

/** The URL of a store that is not there yet, for as long as its owner wants. */
export async function ownStore(backend: Backend): Promise<OwnStore> {
  const name = `studio_${randomUUID().replaceAll('-', '_')}`;
  if (backend === 'memory') return { url: 'memory:', remove: async () => {} };
  if (backend === 'PostgreSQL') {
    const server = inject('postgresUrl');
    return { url: `${server}?schema=${name}`, remove: () => dropSchema(server, name) };
  }
  if (backend === 'etcd') {
    const server = inject('etcdUrl');
    return {
      url: `${server.replace('http:', 'etcd:')}/${name}`,
      remove: async () => void (await dropPrefix(server, name)),
    };
  }
  const folder = await mkdtemp(join(tmpdir(), 'gati-test-'));
  const scheme = backend === 'SQLite' ? 'sqlite' : 'sqljs';
  return {
    url: `${scheme}:${join(folder, 'gati.db')}`,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
