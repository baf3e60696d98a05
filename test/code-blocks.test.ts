import { execFile } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type CodeBlock, codeBlocksOf, pages } from './support/code-blocks.js';
import { installPackages } from './support/project.js';
import { temporaryFolder } from './support/temporary-folder.js';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const blocks = pages().flatMap(codeBlocksOf);

function inLanguage(...languages: string[]): CodeBlock[] {
  return blocks.filter(({ language }) => languages.includes(language));
}

const COMPILER_OPTIONS = {
  target: 'ES2023',
  lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.AsyncIterable'],
  module: 'NodeNext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowJs: true,
  checkJs: true,
  skipLibCheck: true,
  noEmit: true,
};

/** Programs for bundlers and other runtimes: bundlers.test.ts and runtimes.test.ts run them there. */
const RUN_ELSEWHERE = [
  'packages/manifest-store/docs/bundlers.md',
  'packages/manifest-store/docs/runtimes.md',
];

test('every program of the pages compiles as it stands, in strict TypeScript', async () => {
  const project = temporaryFolder();
  installPackages(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS }));
  for (const block of inLanguage('ts', 'js')) writeProgram(project, block);
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = await execute(process.execPath, [compiler, '-p', project, '--pretty', 'false']).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe('');
});

/** Into the folder of its page, as many lines down as there, so that an error names the line to look at. */
function writeProgram(project: string, { page, line, language, name, code }: CodeBlock): void {
  const folder = join(project, page.replaceAll('/', '_'));
  cpSync(join(root, 'test/code-blocks'), folder, { recursive: true });
  const unchecked = language === 'js' && RUN_ELSEWHERE.includes(page);
  const above = `${unchecked ? '// @ts-nocheck' : ''}${'\n'.repeat(line - 1)}`;
  writeFileSync(join(folder, name ?? `line-${line}.${language}`), `${above}${code}\nexport {};\n`);
}
