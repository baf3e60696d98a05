import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { transformSync } from 'esbuild';
import { expect, inject, onTestFinished, test } from 'vitest';
import { dropSchema } from '../packages/storage-postgres/test/support/schemas.js';
import { type CodeBlock, codeBlocksOf, pages } from './support/code-blocks.js';
import { freePort } from './support/free-port.mjs';
import { installTarballs, sharedProject } from './support/project.js';

const execute = promisify(execFile);
const newFolder = sharedProject(installTarballs);
const context = fileURLToPath(new URL('code-blocks/', import.meta.url));
const VITEST = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const MY_STORAGE = `
import { createInMemoryStorage } from '@gati-framework/manifest-store';
export const createMyStorage = ({ filename, ...options } = {}) => createInMemoryStorage(options);
`;
const CONNECTION = 'postgres://app@localhost/gati';
/** Where a program that waits for an answer of etcd asks for it. */
const MEMBER = "['etcd1:2379']";
/** Where Prometheus looks by default. */
const PORT = '9464';

/** What other tests run: the programs of README.md, those that are files, and what is for Vite or another test runner. */
const isRunElsewhere = ({ page, name, code }: CodeBlock): boolean =>
  page === 'README.md' || name !== undefined || /\?url'|'bun:test'|-testkit\/(mocha|node-test)'/.test(code);

const programs = pages()
  .flatMap(codeBlocksOf)
  .filter((block) => block.language === 'ts' && !isRunElsewhere(block))
  .filter(({ code }) => !code.includes(MEMBER) || inject('etcdUrl') !== '');
const isForVitest = ({ code }: CodeBlock): boolean => code.includes("-testkit/vitest'");
const titled = (blocks: CodeBlock[]) =>
  blocks.map((block) => [`${block.page}:${block.line}`, block] as const);

test.each(titled(programs.filter((block) => !isForVitest(block))))(
  'the program at %s runs',
  async (_, block) => {
    const folder = await newReader(block);
    const served = withMember(block.code.includes(CONNECTION) ? withServer(block.code) : block.code);
    const code = served.includes(PORT) ? served.replaceAll(PORT, String(await freePort())) : served;
    writeFileSync(join(folder, 'program.js'), `import './reader.mjs';\n${javascript(code)}`);
    await execute(process.execPath, ['program.js'], { cwd: folder });
  },
);

test('the programs for vitest hold a storage to the suite', { timeout: 120_000 }, async () => {
  const blocks = programs.filter(isForVitest);
  for (const block of blocks) {
    const folder = await newReader(block);
    writeFileSync(join(folder, 'storage.test.js'), `import './reader.mjs';\n${javascript(block.code)}`);
    writeFileSync(join(folder, 'vitest.config.js'), 'export default {};');
    const { stdout } = await execute(process.execPath, [VITEST, 'run', '-t', 'identity'], {
      cwd: folder,
      env: withoutRunner(),
    });
    expect(stdout).toMatch(/Tests .*[1-9]\d* passed/);
  }
  expect(blocks.length).toBeGreaterThan(3);
});

/** A folder with what a reader has beside the program. */
async function newReader({ page }: CodeBlock): Promise<string> {
  const folder = newFolder();
  cpSync(join(context, 'reader.mjs'), join(folder, 'reader.mjs'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  for (const name of ['ca.pem', 'client.pem', 'client-key.pem']) writeFileSync(join(folder, name), '');
  const store = createSqlJsStorage({ filename: join(folder, 'gati.db') });
  await store.open();
  await store.close();
  for (const name of ['openapi.yaml', '1.0.0.yaml', '2.0.0.yaml'])
    writeFileSync(join(folder, name), `openapi: 3.1.0\ninfo: { title: Pages, version: 1.0.0 }\npaths: {}\n`);
  writeFileSync(join(folder, 'records.json'), '{"format":"gati-storage-deployment","version":1}');
  writeFileSync(join(folder, 'my-storage.js'), MY_STORAGE);
  for (const { name, code } of codeBlocksOf(page)) {
    if (name?.endsWith('.ts')) writeFileSync(join(folder, name.replace(/ts$/, 'js')), javascript(code));
  }
  return folder;
}

function javascript(code: string): string {
  return transformSync(code, { loader: 'ts', target: 'node20' }).code;
}

function withServer(code: string): string {
  const schema = `pages_${randomUUID().replaceAll('-', '_')}`;
  onTestFinished(() => dropSchema(inject('postgresUrl'), schema));
  return code.replace(`'${CONNECTION}'`, `'${inject('postgresUrl')}', schema: '${schema}'`);
}

function withMember(code: string): string {
  return code.replace(MEMBER, `['${inject('etcdUrl')}']`);
}

function withoutRunner(): NodeJS.ProcessEnv {
  const { NODE_ENV, VITEST, ...env } = process.env;
  return env;
}
