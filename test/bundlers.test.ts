import { execFile } from 'node:child_process';
import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { writeDocumentedFiles } from './support/documented-files.js';
import { installPackages } from './support/project.js';
import { temporaryFolder } from './support/temporary-folder.js';

const execute = promisify(execFile);
const app = fileURLToPath(new URL('bundlers/app.mjs', import.meta.url));

/** A script of bundlers.md, how to change it, and which bundle it makes. */
const BUNDLES: readonly (readonly [
  title: string,
  script: string,
  bundle: string,
  changes: [string, string][],
])[] = [
  ['esbuild, to CommonJS', 'build-with-esbuild.mjs', 'app.cjs', []],
  [
    'esbuild, to a module',
    'build-with-esbuild.mjs',
    'app.mjs',
    [
      ["'cjs'", "'esm'"],
      ['app.cjs', 'app.mjs'],
    ],
  ],
  ['webpack', 'build-with-webpack.mjs', 'app.cjs', []],
  ['Rollup', 'build-with-rollup.mjs', 'app.mjs', []],
  ['Vite', 'build-with-vite.mjs', 'app.mjs', []],
  ['Parcel', 'build-with-parcel.mjs', 'app.js', []],
];

describe.each(BUNDLES)('a program bundled by %s', (_, script, bundle, changes) => {
  test('stores with every driver that is installed, and says which are not', async () => {
    const project = newProject();
    change(join(project, script), changes);
    await run(project, script);
    expect(JSON.parse(await run(project, join('dist', bundle), project))).toEqual({
      memory: 'at revision 1',
      sqljs: 'at revision 1',
      betterSqlite3: 'at revision 1',
    });

    renameSync(join(project, 'node_modules'), join(project, 'not-installed'));
    const elsewhere = temporaryFolder();
    cpSync(join(project, 'dist', bundle), join(elsewhere, bundle));
    expect(JSON.parse(await run(elsewhere, bundle, elsewhere))).toEqual({
      memory: 'at revision 1',
      sqljs: expect.stringMatching(/^STORAGE_DRIVER_MISSING: .*npm install sql\.js.*bundle/),
      betterSqlite3: expect.stringMatching(/^STORAGE_DRIVER_MISSING: .*npm install better-sqlite3.*bundle/),
    });
  });
});

test('a program can be one file, with sql.js and its WebAssembly in it', async () => {
  const project = newProject();
  await run(project, 'build-single-file.mjs');
  const elsewhere = temporaryFolder();
  cpSync(join(project, 'dist/app.mjs'), join(elsewhere, 'app.mjs'));
  expect(await run(elsewhere, 'app.mjs')).toBe('1\n');
  expect(await run(elsewhere, 'app.mjs')).toBe('2\n');
});

function newProject(): string {
  const project = temporaryFolder();
  installPackages(project);
  writeDocumentedFiles('packages/manifest-store/docs/bundlers.md', project);
  cpSync(app, join(project, 'app.mjs'));
  return project;
}

function change(path: string, changes: readonly (readonly [string, string])[]): void {
  const before = readFileSync(path, 'utf8');
  const after = changes.reduce((text, [from, to]) => text.replace(from, to), before);
  writeFileSync(path, after);
}

async function run(cwd: string, script: string, ...args: string[]): Promise<string> {
  // As in a shell of the user: bundlers look at these, and the test runner has set them.
  const { NODE_ENV, VITEST, ...env } = process.env;
  const { stdout } = await execute(process.execPath, [script, ...args], { cwd, env });
  return stdout;
}
