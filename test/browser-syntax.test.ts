import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Syntax that a whole module does not load for, in browsers that lack it. */
const LOOK_BEHIND = /\(\?<[=!]/;

test('no module that browsers load has a look-behind, which Safari knows since 16.4', () => {
  const rooms = ['manifest-store', 'storage-kit', 'storage-sqlite', 'storage-sqljs'];
  const files = rooms.flatMap((room) => {
    const folder = join(import.meta.dirname, '..', 'packages', room, 'src');
    // What works on files is loaded by Node.js alone.
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return names
      .filter((name) => name.endsWith('.ts') && !name.startsWith('files'))
      .map((name) => join(folder, name));
  });
  expect(files.length).toBeGreaterThan(50);
  const found = files.filter((file) => LOOK_BEHIND.test(readFileSync(file, 'utf8')));
  expect(found).toEqual([]);
});
