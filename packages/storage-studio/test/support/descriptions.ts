import { createRequire } from 'node:module';
import { importDocument } from '@gati-framework/api-import';
import {
  type Change,
  createInMemoryStorage,
  type Storage,
  type StorageChange,
} from '@gati-framework/manifest-store';
import { FIRST_DEPLOYMENT, SECOND_DEPLOYMENT } from './shop.js';

const require = createRequire(import.meta.url);

/** A published description of Figma's API. */
export const FIGMA = {
  old: require.resolve('figma-api-old/openapi/openapi.yaml'),
  new: require.resolve('figma-api-new/openapi/openapi.yaml'),
} as const;

export interface KnownCommit {
  readonly changes: readonly Change[];
  readonly note: string;
}

/** What a store that is used for a while holds: two descriptions of one API, and two deployments of an application. */
export async function knownCommits(): Promise<readonly KnownCommit[]> {
  await using storage = createInMemoryStorage();
  await importDocument(storage, { file: FIGMA.old }, { note: 'import 0.36.0' });
  await storage.commit(FIRST_DEPLOYMENT, { note: 'Ada deploys the shop' });
  await importDocument(storage, { file: FIGMA.new }, { note: 'import 0.43.0' });
  await storage.commit(SECOND_DEPLOYMENT, { note: 'Ada deploys orders 2' });
  return await commitsOf(storage);
}

/** Everything that was committed to a storage. */
export async function commitsOf(storage: Storage): Promise<readonly KnownCommit[]> {
  const { revision: last } = await storage.stats();
  const commits: KnownCommit[] = [];
  for await (const { changes, note = '', revision } of storage.watch({ after: 0 })) {
    commits.push({ changes: changes.map(changeOf), note });
    if (revision === last) break;
  }
  return commits;
}

function changeOf(change: StorageChange): Change {
  return 'put' in change ? ({ put: change.put, value: change.value } as Change) : change;
}

/** The same commits in another store, without the time that reading the descriptions takes. */
export async function commitAll(storage: Storage, commits: readonly KnownCommit[]): Promise<void> {
  for (const { changes, note } of commits) await storage.commit(changes, { note });
}
