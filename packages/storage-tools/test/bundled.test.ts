import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';

const execute = promisify(execFile);
const packages = fileURLToPath(new URL('../..', import.meta.url));
const bundler = (name: string): string => import.meta.resolve(name);

const PROGRAM = `
import { openStorage } from '@gati-framework/storage-tools';
console.log((await openStorage('memory:')).name);
for (const url of ['sqljs:./x.db', 'sqlite:./x.db', 'postgres://localhost/x'])
  await openStorage(url).catch(({ code, message }) => console.log(code, message));
`;

const BUILDS = {
  esbuild: `
import { build } from '${bundler('esbuild')}';
await build({ entryPoints: ['app.mjs'], bundle: true, platform: 'node', format: 'esm', outfile: 'dist/app.mjs' });`,
  Vite: `
import { build } from '${bundler('vite')}';
await build({
  logLevel: 'error',
  build: { ssr: 'app.mjs', rolldownOptions: { output: { entryFileNames: 'app.mjs' } } },
  ssr: { noExternal: true },
});`,
};

test.each(Object.entries(BUILDS))(
  'a bundle made by %s does without backends that are not installed, and names them',
  async (_, build) => {
    const project = temporaryFolder();
    const scope = join(project, 'node_modules/@gati-framework');
    for (const name of ['manifest-store', 'storage-tools']) {
      mkdirSync(join(scope, name), { recursive: true });
      for (const part of ['package.json', 'dist'])
        cpSync(join(packages, name, part), join(scope, name, part), { recursive: true });
    }
    writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
    writeFileSync(join(project, 'app.mjs'), PROGRAM);
    writeFileSync(join(project, 'build.mjs'), build);
    await execute(process.execPath, ['build.mjs'], { cwd: project });
    const { stdout } = await execute(process.execPath, [join('dist', 'app.mjs')], { cwd: project });
    expect(stdout.trimEnd().split('\n')).toEqual([
      'memory',
      expect.stringMatching(/^STORAGE_DRIVER_MISSING .*npm install @gati-framework\/storage-sqljs sql\.js$/),
      expect.stringMatching(
        /^STORAGE_DRIVER_MISSING .*npm install @gati-framework\/storage-better-sqlite3 better-sqlite3; otherwise: .*npm install @gati-framework\/storage-node-sqlite$/,
      ),
      expect.stringMatching(/^STORAGE_DRIVER_MISSING .*npm install @gati-framework\/storage-postgres pg$/),
    ]);
  },
);
