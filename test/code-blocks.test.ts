import { execFile } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type CodeBlock, codeBlocksOf, pages } from './support/code-blocks.js';
import { entryPoints, installTarballs, replaceNodeTypes, sharedProject } from './support/project.js';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

const COMPILERS = {
  '5.4': 'test/compilers/typescript-5.4/node_modules/typescript',
  '5.9': 'test/compilers/typescript-5.9/node_modules/typescript',
  '7': 'node_modules/typescript',
} as const;
const MODULES = {
  nodenext: { module: 'NodeNext', moduleResolution: 'NodeNext' },
  bundler: { module: 'ESNext', moduleResolution: 'Bundler' },
} as const;

/** Nothing of browsers: whoever writes for Node.js has no types of theirs. */
const COMPILER_OPTIONS = {
  target: 'ES2022',
  lib: ['ES2022', 'ESNext.Disposable'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowJs: true,
  checkJs: true,
  skipLibCheck: false,
  // So that each package is where the project has it, and finds the types that the project has.
  preserveSymlinks: true,
  noEmit: true,
};

/** Programs for bundlers and other runtimes: bundlers.test.ts and runtimes.test.ts run them there. */
const RUN_ELSEWHERE = [
  'packages/manifest-store/docs/bundlers.md',
  'packages/manifest-store/docs/runtimes.md',
];

const programs = pages()
  .flatMap(codeBlocksOf)
  .filter(({ language, page }) => language === 'ts' || (language === 'js' && !RUN_ELSEWHERE.includes(page)));

type Combination = readonly [keyof typeof COMPILERS, keyof typeof MODULES];

/** Between them both types of Node.js meet every compiler, and every way to resolve modules. */
const COMBINATIONS: Readonly<Record<string, readonly Combination[]>> = {
  '@types/node': [
    ['5.4', 'nodenext'],
    ['5.9', 'nodenext'],
    ['7', 'bundler'],
  ],
  'types-node-22': [
    ['5.4', 'bundler'],
    ['5.9', 'bundler'],
    ['7', 'nodenext'],
  ],
};

describe.each(Object.entries(COMBINATIONS))('with %s', (nodeTypes, combinations) => {
  const newFolder = sharedProject(async (folder) => {
    await installTarballs(folder);
    replaceNodeTypes(folder, nodeTypes);
  });

  test.each(combinations)(
    'every program and package compiles, strictly, in TypeScript %s with modules as for %s',
    async (compiler, module) => {
      const project = newFolder();
      writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
      const compilerOptions = { ...COMPILER_OPTIONS, ...MODULES[module] };
      writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
      writeFileSync(join(project, 'every-entry-point.ts'), entryPoints().map(importOf).join(''));
      // Older compilers do not know that Node.js requires ES modules.
      if (module === 'nodenext' && compiler !== '5.4')
        writeFileSync(join(project, 'every-entry-point.cts'), entryPoints().map(importOf).join(''));
      cpSync(join(root, 'test/code-blocks/global'), project, { recursive: true });
      for (const program of programs) writeProgram(project, program);
      expect(await faultsOf(COMPILERS[compiler], project)).toEqual([]);
    },
  );
});

function importOf(entryPoint: string, index: number): string {
  return `export * as entry${index} from '${entryPoint}';\n`;
}

/** What the compiler says of the programs, and of what these packages declare. */
async function faultsOf(compiler: string, project: string): Promise<string[]> {
  const args = [join(root, compiler, 'bin/tsc'), '-p', project, '--pretty', 'false'];
  const { stdout } = await execute(process.execPath, args, { cwd: project }).catch(
    (error: { stdout: string }) => error,
  );
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.filter((line) => !/(^|\/)node_modules\/(?!@gati-framework\/(?!runtime\/))/.test(line));
}

/** Into the folder of its page, as many lines down as there, so that an error names the line to look at. */
function writeProgram(project: string, { page, line, language, name, code }: CodeBlock): void {
  const folder = join(project, page.replaceAll('/', '_'));
  cpSync(join(root, 'test/code-blocks/beside'), folder, { recursive: true });
  writeFileSync(
    join(folder, name ?? `line-${line}.${language}`),
    `${'\n'.repeat(line - 1)}${code}\nexport {};\n`,
  );
}
