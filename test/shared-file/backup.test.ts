import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Storage } from '@gati-framework/manifest-store';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { expect, onTestFinished, test } from 'vitest';
import { gtype } from '../support/records.js';
import { expectReleasedContent, releasedFile } from '../support/released-store.js';
import { hasNamespaces } from '../support/run-child.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';
import { runChildInNamespace } from './support/children.js';

const CHILD = fileURLToPath(new URL('./children/back-up.mjs', import.meta.url));

/** Records of two KiB, and so a backup of many steps. */
const RECORDS = 2_000;

interface Filled {
  readonly folder: string;
  readonly filename: string;
  readonly target: string;
}

/** A store of two commits, the second of which has replaced a record of the first. */
async function filled(records = 10): Promise<Filled> {
  const folder = temporaryFolder();
  const filename = join(folder, 'store.db');
  const storage = backend.create({ filename });
  const put = (i: number, text: string) => ({ put: 'gtype', value: gtype(`t${i}`, text) }) as const;
  await storage.commit(Array.from({ length: records }, (_, i) => put(i, 'x'.repeat(2_000))));
  await storage.commit([put(0, 'replaced')], { note: 'second' });
  await storage.close();
  return { folder, filename, target: join(folder, 'backup.db') };
}

/** Puts two records of the same text again and again, a pair in a commit. */
async function commitPair(storage: Storage, i: number): Promise<void> {
  const text = `pair ${i}`;
  await storage.commit(['left', 'right'].map((ref) => ({ put: 'gtype', value: gtype(ref, text) })));
}

/** What there is of the backup, beside the store and what belongs to it. */
function besides(folder: string): string[] {
  return readdirSync(folder).filter((name) => !name.startsWith('store.db'));
}

function refusal(path: string, problem: string): object {
  return { code: 'INVALID_OPTIONS', path: 'target', message: expect.stringContaining(`${path} ${problem}`) };
}

test('a backup is of one moment though others commit meanwhile, and keeps the history', async () => {
  const { folder, filename, target } = await filled(RECORDS);
  const writer = backend.create({ filename });
  onTestFinished(() => writer.close());
  await commitPair(writer, 0);
  const commits: Promise<void>[] = [];
  const phases = new Set<string>();
  const onProgress = ({ phase }: { phase: string }): void => {
    phases.add(phase);
    commits.push(commitPair(writer, commits.length + 1));
  };
  const report = await backend.backUp(filename, target, { onProgress });
  await Promise.all(commits);
  expect(report).toEqual({ file: target, bytes: statSync(target).size, records: RECORDS + 2, revision: 3 });
  expect([...phases]).toEqual(['copying', 'checking']);
  expect((await writer.stats()).revision).toBe(3 + commits.length);
  // One file, also while others have not opened it.
  expect(besides(folder)).toEqual(['backup.db']);
  for (const storage of [
    backend.create({ filename: target, readOnly: true }),
    createSqlJsStorage({ filename: target, readOnly: true }),
  ]) {
    expect(await storage.stats()).toMatchObject({ revision: 3, oldestRevision: 0, gtypeCount: RECORDS + 2 });
    expect([
      (await storage.getGType('left'))?.description,
      (await storage.getGType('t0'))?.description,
    ]).toEqual(['pair 0', 'replaced']);
    const then = await storage.get({ kind: 'gtype', key: { ref: 't0' } }, { at: 1 });
    expect(then?.value.description).toHaveLength(2_000);
    await storage.close();
  }
  const restored = backend.create({ filename: target });
  await commitPair(restored, 1);
  expect((await restored.stats()).revision).toBe(4);
  await restored.close();
});

test('a backup takes the place of an earlier one, in place and rights of what was there, and of no other store', async () => {
  const { filename, target } = await filled();
  await backend.backUp(filename, target);
  expect(statSync(target).mode & 0o777).toBe(statSync(filename).mode & 0o777);
  chmodSync(target, 0o600);
  const link = join(temporaryFolder(), 'link.db');
  symlinkSync(target, link);
  const storage = backend.create({ filename });
  await commitPair(storage, 1);
  expect(await backend.backUp(filename, link)).toMatchObject({ file: target, revision: 3 });
  expect(statSync(target).mode & 0o777).toBe(0o600);
  // A store that goes on by itself holds what this one does not.
  const other = backend.create({ filename: target });
  await other.clear();
  await other.close();
  await commitPair(storage, 2);
  await expect(backend.backUp(filename, target)).rejects.toMatchObject(
    refusal(target, 'is there and is no earlier backup of this store, as far as its history tells'),
  );
  expect(await backend.backUp(filename, target, { overwrite: true })).toMatchObject({ revision: 4 });
  await storage.close();
});

test.each([
  ['the store itself', ({ filename }: Filled) => filename],
  ['a symbolic link to the store', ({ filename, target }: Filled) => symlinkSync(filename, target)],
  ['a hard link to the store', ({ filename, target }: Filled) => linkSync(filename, target)],
])('a backup is refused in the place of %s, whatever is asked for', async (_, make) => {
  const made = await filled();
  const backup = backend.backUp(made.filename, make(made) ?? made.target, { overwrite: true });
  // A store of two names could not be opened at all.
  await expect(backup).rejects.toMatchObject({
    message: expect.stringMatching(/is the store itself|has 2 names/),
  });
  expect(readFileSync(made.filename).subarray(0, 6).toString()).toBe('SQLite');
});

test.each([
  ['a text', 'holds no store that can be read', ({ target }: Filled) => writeFileSync(target, 'a: 1\n')],
  ['a folder', 'is no file', ({ target }: Filled) => mkdirSync(target)],
  [
    'a database of something else',
    'holds no store that can be read',
    ({ target }: Filled) => {
      const database = backend.connect(target);
      database.exec('CREATE TABLE things (id)');
      database.close();
    },
  ],
])('a backup does not replace %s', async (_, problem, make) => {
  const { folder, filename, target } = await filled();
  make({ folder, filename, target });
  await expect(backend.backUp(filename, target)).rejects.toMatchObject(
    refusal(target, `is there and ${problem}`),
  );
  expect(besides(folder)).toEqual(['backup.db']);
});

test('a backup does not replace a store that somebody has open, whatever is asked for', async () => {
  const { filename, target } = await filled();
  await backend.backUp(filename, target);
  const user = backend.create({ filename: target });
  await user.open();
  await expect(backend.backUp(filename, target, { overwrite: true })).rejects.toMatchObject(
    refusal(target, 'is a store that is open'),
  );
  await user.close();
  expect(await backend.backUp(filename, target)).toMatchObject({ revision: 2 });
});

test('a backup that is given up leaves the old one as it was, and nothing else', async () => {
  const { folder, filename, target } = await filled(RECORDS);
  await backend.backUp(filename, target);
  const before = readFileSync(target);
  for (const phase of ['copying', 'checking']) {
    const { signal, abort } = interrupter();
    const onProgress = (progress: { phase: string }): void => {
      if (progress.phase === phase) abort();
    };
    await expect(backend.backUp(filename, target, { signal, onProgress })).rejects.toThrow('enough');
    expect(besides(folder)).toEqual(['backup.db']);
    expect(readFileSync(target).equals(before)).toBe(true);
  }
});

function interrupter(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort(new Error('enough')) };
}

test('a backup that is killed leaves the old one as it was, and the next one works', async () => {
  const { folder, filename, target } = await filled(RECORDS);
  await backend.backUp(filename, target);
  const before = readFileSync(target);
  const storage = backend.create({ filename });
  await commitPair(storage, 1);
  await storage.close();
  const child = spawn(process.execPath, [CHILD, backend.name, filename, target, 'pausing'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(readFileSync(target).equals(before)).toBe(true);
  expect(besides(folder)).toContainEqual(expect.stringMatching(/^backup\.db\.partial-/));
  expect(await backend.backUp(filename, target)).toMatchObject({ revision: 3 });
});

test.runIf(hasNamespaces)('a backup to a disk that is full is refused, and leaves nothing', async () => {
  const { filename } = await filled(RECORDS);
  const disk = temporaryFolder();
  const outcome = await runChildInNamespace(`mount -t tmpfs -o size=1m tmpfs ${disk}`, 'back-up.mjs', [
    filename,
    join(disk, 'backup.db'),
  ]);
  expect(outcome).toMatchObject({
    code: 'STORAGE_FULL',
    message: expect.stringContaining(join(disk, 'backup.db')),
  });
});

test('no backup is made of a store that is damaged', async () => {
  const { folder, filename, target } = await filled();
  await backend.backUp(filename, target);
  const before = readFileSync(target);
  const database = backend.connect(filename);
  database.exec("UPDATE changes SET value = replace(value, 'replaced', 'mistaken')");
  database.close();
  await expect(backend.backUp(filename, target)).rejects.toMatchObject({
    code: 'STORAGE_CORRUPT',
    message: expect.stringContaining(`${filename} is damaged: the value of change 11`),
  });
  expect(readFileSync(target).equals(before)).toBe(true);
  expect(besides(folder)).toEqual(['backup.db']);
});

test('a backup of an older version of the schema is one, so that the older library opens it', async () => {
  const filename = releasedFile();
  const target = join(temporaryFolder(), 'backup.db');
  expect(await backend.backUp(filename, target)).toMatchObject({ revision: 9, records: 8 });
  const database = backend.connect(target, { readOnly: true });
  expect(database.value('PRAGMA user_version')).toBe(1);
  database.close();
  const copy = join(temporaryFolder(), 'store.db');
  copyFileSync(target, copy);
  const storage = backend.create({ filename: copy });
  await expectReleasedContent(storage);
  await storage.close();
  // Its history says so, too.
  expect(await backend.backUp(filename, target)).toMatchObject({ revision: 9 });
});
