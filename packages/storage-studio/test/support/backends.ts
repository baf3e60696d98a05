import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { dropSchema } from '../../../storage-postgres/test/support/schemas.js';

export const BACKENDS = ['memory', 'SQLite', 'PostgreSQL'] as const;
export type Backend = (typeof BACKENDS)[number];

export interface OwnStore {
  readonly url: string;
  remove(): Promise<void>;
}

/** The URL of a store that is not there yet, for as long as its owner wants. */
export async function ownStore(backend: Backend): Promise<OwnStore> {
  if (backend === 'memory') return { url: 'memory:', remove: async () => {} };
  if (backend === 'PostgreSQL') {
    const server = inject('postgresUrl');
    const schema = `studio_${randomUUID().replaceAll('-', '_')}`;
    return { url: `${server}?schema=${schema}`, remove: () => dropSchema(server, schema) };
  }
  const folder = await mkdtemp(join(tmpdir(), 'gati-test-'));
  return {
    url: `sqlite:${join(folder, 'gati.db')}`,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
