import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { expect, inject, onTestFinished, test } from 'vitest';
import { dropSchema } from '../packages/storage-postgres/test/support/schemas.js';
import { codeBlocksOf } from './support/code-blocks.js';
import { sharedProject } from './support/project.js';
import { manifest } from './support/records.js';

const execute = promisify(execFile);
const newFolder = sharedProject();
const programs = codeBlocksOf('README.md').filter(({ language }) => language === 'ts');

/** The only program of the README that has these words in it. */
function programWith(words: string): string {
  const [found, ...others] = programs.filter(({ code }) => code.includes(words));
  if (found === undefined || others.length > 0) throw new Error(`Not one program has ${words}.`);
  return found.code;
}

const graph = { handlerId: 'users.create', currentVersion: '1', latestVersion: '1', versions: [] };
const PREAMBLE = `
import { createInMemoryStorage } from '@gati-framework/manifest-store';
Object.assign(globalThis, {
  manifest: ${JSON.stringify(manifest('users.create', '1'))},
  requestType: { ref: 'User', kind: 'object' },
  nextGraph: ${JSON.stringify(graph)},
});
`;
const IN_MEMORY = 'globalThis.store = createInMemoryStorage();\n';

/** Runs a program as a reader would, between what the reader has and does; yields what was printed. */
async function run(before: string, program: string, after = ''): Promise<string> {
  const project = newFolder();
  const { code } = await transform(program, { loader: 'ts' });
  writeFileSync(join(project, 'before.mjs'), PREAMBLE + before);
  writeFileSync(join(project, 'program.mjs'), `import './before.mjs';\n${code}\n${after}`);
  const { stdout } = await execute(process.execPath, ['program.mjs'], { cwd: project });
  return stdout.trim();
}

const SHOW_LATEST = "console.log((await store.getManifest('users.create')).version);";

test.each(['const latest =', 'storage-sqljs', 'storage-better-sqlite3'])(
  'the program with %s stores, and keeps no process',
  async (words) => {
    expect(await run('', programWith(words), SHOW_LATEST)).toBe('1');
  },
);

test('the program for PostgreSQL stores, and keeps no process', async () => {
  const schema = `readme_${randomUUID().replaceAll('-', '_')}`;
  onTestFinished(() => dropSchema(inject('postgresUrl'), schema));
  const shown = "connectionString: 'postgres://app@localhost/gati'";
  const program = programWith(shown);
  const here = `connectionString: '${inject('postgresUrl')}', schema: '${schema}'`;
  expect(await run('', program.replace(shown, here), SHOW_LATEST)).toBe('1');
});

test('an atomic deployment is committed the first time, later, and not if somebody else was first', async () => {
  const program = programWith('expect: [');
  const show = 'console.log(revision);';
  expect(await run(IN_MEMORY, program, show)).toBe('1');
  const deployed = `${IN_MEMORY}await store.storeVersionGraph(nextGraph);\n`;
  expect(await run(deployed, program, show)).toBe('2');
  const overtaken = `${IN_MEMORY}
    const { get } = store;
    store.get = async (key) => {
      const found = await get(key);
      await store.storeVersionGraph(nextGraph);
      return found;
    };\n`;
  await expect(run(overtaken, program, show)).rejects.toThrow('STORAGE_CONFLICT');
});

test('a script that follows what changes goes on until the store is closed', async () => {
  const before = `${IN_MEMORY}
    globalThis.lastSeenRevision = 0;
    globalThis.apply = (change) => {
      console.log(change.put);
      if (change.put === 'gtype') store.close();
    };
    await store.storeManifest(manifest);
    // Comes only if something else keeps the process.
    setTimeout(() => store.storeGType(requestType), 100).unref();\n`;
  expect(await run(before, programWith('store.watch'), 'console.log(lastSeenRevision);')).toBe(
    'manifest\ngtype\n2',
  );
});
