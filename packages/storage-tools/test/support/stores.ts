import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Change, Entry, Storage } from '@gati-framework/manifest-store';
import { recordProbes } from '@gati-framework/storage-testkit';
import { inject, onTestFinished } from 'vitest';
import { gtype, manifest } from '../../../../test/support/records.js';
import { temporaryFolder } from '../../../../test/support/temporary-folder.js';
import { dropPrefix } from '../../../storage-etcd/test/support/places.js';
import { dropSchema } from '../../../storage-postgres/test/support/schemas.js';
import { oddValues } from '../../../storage-testkit/src/samples/odd-values.js';
import { openStorage } from '../../src/index.js';

/** The URL of a store that is not there yet, of each backend; what becomes of it goes with the test. */
export const NEW_STORES = {
  memory: () => 'memory:',
  'sql.js': () => `sqljs:${join(temporaryFolder(), 'gati.db')}`,
  SQLite: () => `sqlite:${join(temporaryFolder(), 'gati.db')}`,
  PostgreSQL: () => {
    const schema = `tools_${randomUUID().replaceAll('-', '_')}`;
    onTestFinished(() => dropSchema(inject('postgresUrl'), schema));
    return `${inject('postgresUrl')}?schema=${schema}`;
  },
  etcd: () => {
    const { host } = new URL(inject('etcdUrl'));
    const prefix = `tools-${randomUUID()}`;
    onTestFinished(() => void dropPrefix(host, prefix));
    return `etcd://${host}/${prefix}`;
  },
} as const;

export type Backend = keyof typeof NEW_STORES;
/** Of which this machine has what they need. */
export const BACKENDS: readonly Backend[] = [
  ...(['memory', 'sql.js', 'SQLite', 'PostgreSQL'] as const),
  ...(inject('etcdUrl') === '' ? [] : (['etcd'] as const)),
];

export async function newStore(backend: Backend): Promise<Storage> {
  return await opened(NEW_STORES[backend]());
}

export async function opened(url: string): Promise<Storage> {
  const storage = await openStorage(url);
  onTestFinished(() => storage.close());
  return storage;
}

/**
 * Records of every kind, with every odd value, in an order that nothing but the order of storing tells: versions of one
 * `createdAt`, names that fall, kinds in turn, and some that were replaced or deleted and stored again.
 */
export function oddChanges(): Change[] {
  const odd = oddValues.map(({ make }, i) => ({
    put: 'gtype' as const,
    value: { ...gtype(`odd-${oddValues.length - i}`), odd: make() },
  }));
  const everyKind = recordProbes.flatMap(({ kind, make }): Change[] => [
    { put: kind, value: make() } as Change,
  ]);
  const versions = ['9', '10', '1', '5'].map((version) => ({
    put: 'manifest' as const,
    value: manifest('tie', version),
  }));
  return [
    ...odd.slice(0, 5),
    ...versions.slice(0, 2),
    ...everyKind,
    ...odd.slice(5),
    ...versions.slice(2),
    { put: 'manifest', value: manifest('tie', '9', 'replaced, and in its place') },
    { delete: 'manifest', key: { handlerId: 'tie', version: '10' } },
    { put: 'manifest', value: manifest('tie', '10', 'stored again, and last') },
  ];
}

type Content = Pick<Entry, 'kind' | 'key' | 'value'>;

/** What a store holds, in its order, without revisions. */
export async function contentOf(storage: Pick<Storage, 'entries'>): Promise<Content[]> {
  const content: Content[] = [];
  for await (const { kind, key, value } of storage.entries()) content.push({ kind, key, value });
  return content;
}
