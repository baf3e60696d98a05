import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { codeBlocksOf } from './support/code-blocks.js';
import { entryPoints, installTarballs, sharedProject } from './support/project.js';

const execute = promisify(execFile);
const newFolder = sharedProject(installTarballs);

/** What a CommonJS program prints; that it warns of something is an error. */
async function run(program: string): Promise<string> {
  const file = join(newFolder(), 'program.cjs');
  writeFileSync(file, program);
  const { stdout, stderr } = await execute(process.execPath, [file]);
  expect(stderr).toBe('');
  return stdout.trim();
}

test('require() gives a CommonJS program what import gives, of everything that there is', async () => {
  const printed = await run(`
    const required = ${JSON.stringify(entryPoints())}.map((name) => [name, Object.keys(require(name)).sort()]);
    async function main() {
      const imported = [];
      for (const [name] of required) imported.push([name, Object.keys(await import(name)).sort()]);
      console.log(JSON.stringify({ required, imported }));
    }
    main();
  `);
  const { required, imported } = JSON.parse(printed);
  expect(required).toEqual(
    imported.map(([name, names]: [string, string[]]) => [name, expect.arrayContaining(names)]),
  );
  for (const [, names] of required) expect(names.length).toBeGreaterThan(0);
});

test('the CommonJS program of the page runs', async () => {
  const [program] = codeBlocksOf('packages/manifest-store/docs/runtimes.md').filter(
    ({ name }) => name === 'app.cjs',
  );
  const shown = 'console.log(typeof store.storeManifest);';
  expect(await run(`${program?.code}${shown}`)).toBe('function');
});

test('a CommonJS program stores, and reads in the same file later', async () => {
  const printed = await run(`
    const { createManifestStore } = require('@gati-framework/manifest-store');
    const { createSqlJsStorage } = require('@gati-framework/storage-sqljs');
    const { createBetterSqlite3Storage } = require('@gati-framework/storage-better-sqlite3');
    const filename = require('node:path').join(__dirname, 'gati.db');
    async function main() {
      const first = createManifestStore(createSqlJsStorage({ filename }));
      await first.storeGType({ ref: 'User', kind: 'object' });
      await first.close();
      const second = createManifestStore(createBetterSqlite3Storage({ filename }));
      console.log((await second.getGType('User')).kind);
      await second.close();
    }
    main();
  `);
  expect(printed).toBe('object');
});
