import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faultOf, importsOf, readRooms } from '../scripts/architecture.mjs';

const rooms = readRooms(readFileSync(new URL('../ARCHITECTURE.md', import.meta.url), 'utf8'));

function faultsOf(text: string, file: string, room: string): (string | undefined)[] {
  return importsOf(text).map((specifier: string) => faultOf(specifier, file, room, rooms));
}

describe('the check of the architecture', () => {
  it('finds every form of import, also over several lines and of types only', () => {
    const text = [
      "import 'a';",
      "import type { B } from 'b';",
      "export * from 'c';",
      "import {\n  d,\n  e,\n} from 'd';",
      "export {\n  f,\n} from 'e';",
      "const g = await import('f');",
      "// what comes from 'nowhere' is no import",
    ].join('\n');
    expect(importsOf(text)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('lets a room import what its arrows reach, directly or through others', () => {
    const text = "import { a } from '@gati-framework/manifest-store/backend';\nimport { b } from './b.js';";
    expect(faultsOf(text, 'index.ts', 'storage-sqljs')).toEqual([undefined, undefined]);
  });

  it('refuses an import against the arrows, upwards or sideways', () => {
    const text =
      "import { a } from '@gati-framework/storage-kit';\nimport('@gati-framework/storage-postgres');";
    expect(faultsOf(text, 'index.ts', 'manifest-store')).toEqual([
      'and no arrow of ARCHITECTURE.md leads from manifest-store to storage-kit',
      'and no arrow of ARCHITECTURE.md leads from manifest-store to storage-postgres',
    ]);
  });

  it.each([
    ['a module of Node.js', "import { join } from 'node:path';"],
    ['one without its prefix', "import { readFile } from 'fs/promises';"],
    [
      'the part of another room that needs Node.js',
      "import { a } from '@gati-framework/storage-sqlite/files';",
    ],
    ['another part of it', "import { a } from '@gati-framework/storage-sqlite/shared-file';"],
    ['its own part that needs Node.js', "export { a } from '../platform/node.js';"],
    ['a file of its folder that needs Node.js', "import { a } from '../files/snapshot-file.js';"],
  ])('refuses %s in a room that does without', (_, text) => {
    expect(faultsOf(text, 'driver/host.ts', 'storage-sqljs')).toEqual([
      expect.stringContaining('storage-sqljs does without'),
    ]);
    expect(faultsOf(text, 'files/host.ts', 'storage-sqljs')).toEqual([undefined]);
  });
});
