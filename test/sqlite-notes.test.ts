import { join } from 'node:path';
import { byKind } from '@gati-framework/manifest-store/backend';
import {
  type DriverListener,
  digestOf,
  type EncodedChange,
  type EncodedCommit,
} from '@gati-framework/storage-kit';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { BETTER_SQLITE3 } from '../packages/storage-better-sqlite3/dist/better-sqlite3-driver.js';
import { sharedFileParts } from './support/shared-file-parts.js';
import { temporaryFolder } from './support/temporary-folder.js';

const DEAF: DriverListener = { changed: () => {}, replaced: () => {} };

function put(ref: string): EncodedChange {
  const text = JSON.stringify({ ref, kind: 'object' });
  const columns = { lookup: [], createdAt: undefined };
  return { op: 'put', kind: 'gtype', key: [ref], columns, encoding: 'json', text, digest: digestOf(text) };
}

function noted(note: string | undefined, ...refs: string[]): EncodedCommit {
  return { expect: [], note, changes: refs.map(put) };
}

test('the note of a commit is kept with it, told, and seen in the file', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const { driver } = sharedFileParts(BETTER_SQLITE3, { filename });
  await driver.open(DEAF);
  await driver.commit([noted('why "so"\n', 'a', 'b'), noted(undefined, 'c'), noted('später', 'd')]);
  await driver.commit([noted('of nothing')]);
  const told = await driver.history(0, 10);
  expect(told.map(({ revision, note, changes }) => [revision, note, changes.length])).toEqual([
    [1, 'why "so"\n', 2],
    [2, undefined, 1],
    [3, 'später', 1],
  ]);
  await driver.close();
  const database = new Database(filename, { readonly: true });
  const notes = database.prepare('SELECT commit_note FROM changes ORDER BY id').pluck().all();
  expect(notes).toEqual([null, 'why "so"\n', null, 'später']);
  database.close();
});

test('the revision of the store is expected as it is when a commit has its turn, earlier ones of its group counted', async () => {
  const { driver } = sharedFileParts(BETTER_SQLITE3, { filename: ':memory:' });
  await driver.open(DEAF);
  const { outcomes, state } = await driver.commit([
    { ...noted(undefined, 'a'), expectRevision: 0 },
    { ...noted(undefined, 'b'), expectRevision: 0 },
    { ...noted(undefined, 'c'), expectRevision: 1 },
    { ...noted(undefined), expectRevision: 2 },
    { ...noted(undefined), expectRevision: 7 },
  ]);
  const [second, last] = [outcomes[1]?.error, outcomes[4]?.error];
  expect(outcomes.map(({ revision }) => revision)).toEqual([1, undefined, 2, 2, undefined]);
  expect(second).toMatchObject({ code: 'STORAGE_CONFLICT', details: { expected: 0, actual: 1 } });
  expect(last).toMatchObject({ code: 'STORAGE_CONFLICT', details: { expected: 7, actual: 2 } });
  expect(state).toEqual({ revision: 2, counts: byKind((kind) => (kind === 'gtype' ? 2 : 0)) });
  expect(await driver.read({ name: 'byKey', kind: 'gtype', params: ['b'] })).toEqual([]);
  await driver.close();
});
