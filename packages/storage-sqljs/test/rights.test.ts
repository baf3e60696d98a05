import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { BACKEND_NAMES, FILE_BACKENDS } from './support/backends.js';
import { runChild, startChild } from './support/children.js';

const isRoot = process.getuid?.() === 0;
const [APP, OTHER, GROUP] = [65_534, 65_533, 65_532];

/** In front of a command, lets another user run it. */
function as(uid: number): string[] {
  return ['setpriv', `--reuid=${uid}`, `--regid=${GROUP}`, '--clear-groups'];
}

/** A store of the user `APP`, in a folder with this mode. */
async function storeOfApp(
  backend: keyof typeof FILE_BACKENDS,
  folderMode: number,
  fileMode: number,
): Promise<string> {
  const outer = temporaryFolder();
  chmodSync(outer, 0o755);
  const folder = join(outer, 'data');
  mkdirSync(folder);
  const filename = join(folder, 'store.db');
  const storage = FILE_BACKENDS[backend](filename);
  await storage.storeGType(gtype('T'));
  await storage.close();
  chownSync(filename, APP, GROUP);
  chmodSync(filename, fileMode);
  chownSync(folder, APP, GROUP);
  chmodSync(folder, folderMode);
  return filename;
}

function rightsIn(folder: string): Record<string, string> {
  const rights = readdirSync(folder).map((name) => {
    const { uid, gid, mode } = statSync(join(folder, name));
    return [name.replace(/\d+-[0-9a-f]{8}$/, '*'), `${uid}:${gid} ${(mode & 0o777).toString(8)}`] as const;
  });
  return Object.fromEntries(rights);
}

test.runIf(process.platform !== 'win32').each(BACKEND_NAMES)(
  'who may not read a file may not read what %s puts beside it',
  async (backend) => {
    const folder = temporaryFolder();
    const filename = join(folder, 'store.db');
    const first = FILE_BACKENDS[backend](filename);
    await first.storeGType(gtype('T'));
    await first.close();
    chmodSync(filename, 0o600);
    const storage = FILE_BACKENDS[backend](filename);
    await storage.storeGType(gtype('secret'));
    const rights = Object.values(rightsIn(folder));
    expect(rights.length).toBeGreaterThan(2);
    for (const right of rights) expect(right).toMatch(/ 600$/);
    await storage.close();
    expect(Object.values(rightsIn(folder))).toEqual([expect.stringMatching(/ 600$/)]);
  },
);

test.runIf(isRoot).each(BACKEND_NAMES)(
  'what root stores with %s stays the file of its user, who goes on',
  async (backend) => {
    const filename = await storeOfApp(backend, 0o755, 0o640);
    const storage = FILE_BACKENDS[backend](filename);
    await storage.storeGType(gtype('by root'));
    const rights = rightsIn(join(filename, '..'));
    expect(Object.keys(rights).length).toBeGreaterThan(2);
    expect(new Set(Object.values(rights))).toEqual(new Set([`${APP}:${GROUP} 640`]));
    await storage.close();
    expect(rightsIn(join(filename, '..'))).toEqual({ 'store.db': `${APP}:${GROUP} 640` });
    const report = await runChild<{ open: string }>('open-and-read.mjs', [backend, filename], as(APP));
    expect(report.open).toBe('opened');
  },
);

test.runIf(isRoot)('sql.js refuses a file that it would take away from its user', async () => {
  const filename = await storeOfApp('sqljs', 0o775, 0o664);
  const before = readFileSync(filename);
  const report = await runChild<{ open: string; read: string }>(
    'open-and-read.mjs',
    ['sqljs', filename],
    as(OTHER),
  );
  expect(report.open).toMatch(/^STORAGE_FORBIDDEN .*belongs to user 65534/);
  expect(report.read).toBe('T');
  expect(readFileSync(filename).equals(before)).toBe(true);
  expect(readdirSync(join(filename, '..'))).toEqual(['store.db']);
});

test.runIf(isRoot).each(BACKEND_NAMES)(
  'a reader of another user leaves nothing beside a file of %s, whose user goes on',
  async (backend) => {
    for (const mode of [0o775, 0o755]) {
      const filename = await storeOfApp(backend, mode, 0o644);
      for (const reader of BACKEND_NAMES) {
        const report = await runChild<{ read: string }>('open-and-read.mjs', [reader, filename], as(OTHER));
        expect(report.read).toBe('T');
        expect(readdirSync(join(filename, '..'))).toEqual(['store.db']);
      }
      const report = await runChild<{ open: string }>('open-and-read.mjs', [backend, filename], as(APP));
      expect(report.open).toBe('opened');
    }
  },
);

test.runIf(isRoot).each(BACKEND_NAMES)(
  'a reader of another user sees what %s holds while it is open, and what it left when it was killed',
  async (backend) => {
    const filename = await storeOfApp(backend, 0o755, 0o644);
    const owner = startChild('own.mjs', [filename, backend], as(APP));
    await once(owner.stdout, 'data');
    const read = async (): Promise<string> =>
      (await runChild<{ read: string }>('open-and-read.mjs', [backend, filename, 'owned'], as(OTHER))).read;
    expect(await read()).toBe('owned');
    owner.kill('SIGKILL');
    await once(owner, 'close');
    expect(await read()).toBe('owned');
  },
);
