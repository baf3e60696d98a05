import { spawnSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { hasNamespaces } from '../../../test/support/run-child.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { BACKEND_NAMES, FILE_BACKENDS } from './support/backends.js';
import { runChildInNamespace, runUntilKilled } from './support/children.js';

const OTHER = { sqljs: 'better-sqlite3', 'better-sqlite3': 'sqljs' } as const;

async function storeOne(backend: keyof typeof FILE_BACKENDS, filename: string, ref = 'T'): Promise<void> {
  const storage = FILE_BACKENDS[backend](filename);
  await storage.storeGType(gtype(ref));
  await storage.close();
}

async function expectStored(backend: keyof typeof FILE_BACKENDS, filename: string, ref = 'T'): Promise<void> {
  const storage = FILE_BACKENDS[backend](filename);
  expect(await storage.getGType(ref)).toBeDefined();
  await storage.close();
}

/** `real/store.db` is the place, `links/store.db` and `linked/store.db` lead to it. */
function linkedPlaces(): { real: string; byFile: string; byFolder: string } {
  const folder = temporaryFolder();
  for (const name of ['real', 'links']) mkdirSync(join(folder, name));
  const real = join(folder, 'real', 'store.db');
  const byFile = join(folder, 'links', 'store.db');
  symlinkSync('../real/store.db', byFile);
  symlinkSync('real', join(folder, 'linked'));
  return { real, byFile, byFolder: join(folder, 'linked', 'store.db') };
}

test.each(BACKEND_NAMES)('%s makes the folders that its file is to lie in', async (backend) => {
  const filename = join(temporaryFolder(), '.gati', 'deeper', 'manifests.db');
  const reader = FILE_BACKENDS[backend](filename, { readOnly: true });
  await expect(reader.open()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  expect(existsSync(join(filename, '..', '..'))).toBe(false);
  await storeOne(backend, filename);
  expect(await reader.getGType('T')).toBeDefined();
  await reader.close();
});

test.each(BACKEND_NAMES)('%s says so when what should be a folder is a file', async (backend) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), 'mine');
  for (const filename of [join(folder, 'file', 'store.db'), join(folder, 'file', 'deeper', 'store.db')]) {
    await expect(FILE_BACKENDS[backend](filename).open()).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
  }
});

test.each(BACKEND_NAMES)(
  '%s says so when what should be a file is none, and waits for nothing',
  async (backend) => {
    const folder = temporaryFolder();
    const pipe = join(folder, 'pipe');
    const hasPipes = spawnSync('mkfifo', [pipe]).status === 0;
    for (const readOnly of [true, false]) {
      for (const filename of hasPipes ? [folder, pipe] : [folder]) {
        await expect(FILE_BACKENDS[backend](filename, { readOnly }).open()).rejects.toMatchObject({
          code: 'STORAGE_UNAVAILABLE',
          message: expect.stringMatching(/is a (folder|pipe)/),
        });
      }
    }
    expect(readdirSync(folder)).toEqual(hasPipes ? ['pipe'] : []);
  },
);

test.each(BACKEND_NAMES)('%s does not take the place of a volume that is not mounted', async (backend) => {
  const folder = temporaryFolder();
  symlinkSync(join(folder, 'volume', 'data'), join(folder, 'data'));
  symlinkSync(join(folder, 'volume', 'data', 'store.db'), join(folder, 'store.db'));
  for (const filename of [join(folder, 'data', 'store.db'), join(folder, 'store.db')]) {
    const storage = FILE_BACKENDS[backend](filename);
    await expect(storage.open()).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringContaining('symbolic link'),
    });
    mkdirSync(join(folder, 'volume', 'data'), { recursive: true }); // mounted now
    await storage.storeGType(gtype('T'));
    await storage.close();
    expect(existsSync(join(folder, 'volume', 'data', 'store.db'))).toBe(true);
    rmSync(join(folder, 'volume'), { recursive: true });
  }
});

test.each(BACKEND_NAMES)('%s makes what a link leads to, and the link stays', async (backend) => {
  const { real, byFile, byFolder } = linkedPlaces();
  await storeOne(backend, byFile);
  expect(lstatSync(byFile).isSymbolicLink()).toBe(true);
  expect(readdirSync(join(real, '..'))).toEqual(['store.db']);
  for (const path of [real, byFile, byFolder]) await expectStored(OTHER[backend], path);
});

test.each(BACKEND_NAMES)('%s takes .. behind a link as the file system does', async (backend) => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'a', 'b'), { recursive: true });
  symlinkSync('a/b', join(folder, 'link'));
  await storeOne(backend, `${folder}/link/../store.db`);
  expect(readdirSync(join(folder, 'a')).sort()).toEqual(['b', 'store.db']);
  await expectStored(OTHER[backend], join(folder, 'a', 'store.db'));
});

test.each(BACKEND_NAMES)(
  'a file that %s has open is in use by whatever link it is reached',
  async (backend) => {
    const { real, byFile, byFolder } = linkedPlaces();
    const names = [real, byFile, byFolder];
    for (const name of names) {
      const owner = FILE_BACKENDS[backend](name);
      await owner.storeGType(gtype('T'));
      for (const other of names) {
        const refused = FILE_BACKENDS[OTHER[backend]](other);
        await expect(refused.open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' });
        await refused.close();
      }
      await owner.close();
    }
  },
);

test.each(BACKEND_NAMES)(
  'what %s acknowledged through a link before it was killed is found',
  async (backend) => {
    const { real, byFile, byFolder } = linkedPlaces();
    for (const name of [byFile, byFolder]) {
      const acknowledged = await runUntilKilled('write-until-killed.mjs', [backend, name], 5);
      for (const ref of acknowledged) await expectStored(OTHER[backend], byFile, ref);
      expect(readdirSync(join(real, '..'))).toEqual(['store.db']);
      rmSync(real);
    }
  },
);

test.each(BACKEND_NAMES)('%s refuses a file that has a second name', async (backend) => {
  const folder = temporaryFolder();
  const filename = join(folder, 'store.db');
  await storeOne(backend, filename);
  linkSync(filename, join(folder, 'second.db'));
  for (const readOnly of [false, true]) {
    for (const name of ['store.db', 'second.db']) {
      await expect(FILE_BACKENDS[backend](join(folder, name), { readOnly }).open()).rejects.toMatchObject({
        code: 'STORAGE_UNAVAILABLE',
        message: expect.stringContaining('2 names'),
      });
    }
  }
  expect(readdirSync(folder).sort()).toEqual(['second.db', 'store.db']);
  rmSync(join(folder, 'second.db'));
  await expectStored(backend, filename);
});

test.runIf(hasNamespaces).each(BACKEND_NAMES)(
  '%s refuses to write to a file that is mounted without its folder, and reads it',
  async (backend) => {
    const folder = temporaryFolder();
    for (const name of ['host', 'a container']) mkdirSync(join(folder, name));
    const [file, mounted] = [join(folder, 'host', 'store.db'), join(folder, 'a container', 'store.db')];
    await storeOne(backend, file);
    writeFileSync(mounted, '');
    const before = readFileSync(file);
    const report = await runChildInNamespace<{ open: string; read: string }>(
      `mount --bind '${file}' '${mounted}'`,
      'open-and-read.mjs',
      [backend, mounted],
    );
    expect(report.open).toMatch(/^STORAGE_UNAVAILABLE .*Mount its folder/);
    expect(report.read).toBe('T');
    expect(readFileSync(file).equals(before)).toBe(true);
  },
);

test.each(BACKEND_NAMES)(
  '%s says so when a name leaves no room for what lies beside the file',
  async (backend) => {
    const storage = FILE_BACKENDS[backend](join(temporaryFolder(), 'x'.repeat(250)));
    await expect(storage.open()).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringContaining('shorter'),
    });
  },
);
