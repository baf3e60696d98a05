import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type CodeBlock, codeBlocksOf, pages } from './support/code-blocks.js';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const { isBuiltin } = createRequire(import.meta.url)('node:module') as typeof import('node:module');
const PUBLISHED_RUNTIME = '@gati-framework/runtime';

interface Package {
  readonly name: string;
  readonly private?: boolean;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { optional?: boolean }>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

function readPackage(folder: string): Package | undefined {
  const file = `${root}${folder}/package.json`;
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** The packages that the `npm install` lines of a text name, whether in a code block or in a sentence. */
function installed(text: string): string[] {
  const lines = [...text.matchAll(/npm install ((?:[\w@./-]+ ?)+)/g)];
  const words = lines.flatMap(([, names = '']) => names.trim().split(' '));
  return words.filter((word) => !word.startsWith('-')).map((word) => word.replace(/(?<=.)@.*$/, ''));
}

/** With the drivers that they ask to be installed beside them. */
function neededBy({ code }: CodeBlock): string[] {
  const imports = [...code.matchAll(/(?:from|import) '([^']+)'/g)].map(([, from = '']) => from);
  const names = imports.filter((name) => !/^[.#]|^bun:/.test(name) && !isBuiltin(name));
  const packages = names.map((name) =>
    name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/'),
  );
  return [...packages, ...backendsIn(code)].flatMap((name) => [name, ...driversOf(name)]);
}

/** A backend that a program can do without is wanted only where a URL names it. */
function driversOf(name: string): string[] {
  if (name === PUBLISHED_RUNTIME) return [];
  const { peerDependencies = {}, peerDependenciesMeta = {} } = readPackage(`node_modules/${name}`) ?? {};
  return Object.keys(peerDependencies).filter(
    (peer) => !(peer.startsWith('@gati-framework/') && peerDependenciesMeta[peer]?.optional),
  );
}

function backendsIn(code: string): string[] {
  const backends = { sqljs: 'sqljs', sqlite: 'better-sqlite3', postgres: 'postgres' };
  return Object.entries(backends)
    .filter(([scheme]) => code.includes(`openStorage('${scheme}:`))
    .map(([, backend]) => `@gati-framework/storage-${backend}`);
}

/** Each part of the README stands for itself; a page is read from its beginning. */
function readBefore({ page, before }: CodeBlock): string {
  return page === 'README.md' ? before.slice(before.lastIndexOf('\n**')) : before;
}

/** These are about what is installed already, as are pages of what a package offers. */
const WITHOUT_INSTALLATION = [
  'packages/manifest-store/docs/bundlers.md',
  'packages/manifest-store/docs/semantics.md',
];

test('whatever a program of the pages imports is in an install line before it', () => {
  const programs = pages()
    .filter((page) => !WITHOUT_INSTALLATION.includes(page) && !page.endsWith('/docs/api.md'))
    .flatMap(codeBlocksOf)
    .filter(({ language }) => language === 'ts' || language === 'js');
  const incomplete = programs.flatMap((block) => {
    const named = installed(readBefore(block));
    const missing = [...new Set(neededBy(block))].filter((name) => !named.includes(name));
    return missing.length === 0 ? [] : [`${block.page}:${block.line} lacks ${missing.join(' ')}`];
  });
  expect(incomplete).toEqual([]);
});

test('the install lines name packages that there are', () => {
  const named = pages().flatMap((page) => installed(readFileSync(`${root}${page}`, 'utf8')));
  const unknown = named.filter((name) => {
    if (name === PUBLISHED_RUNTIME) return false;
    const found = readPackage(`node_modules/${name}`);
    return found === undefined || found.private === true;
  });
  expect(unknown).toEqual([]);
});

/** Programs beside npm that readers have, or that come with the server a page is about. */
const OF_OTHERS = new Set<string | undefined>(['npm', 'cp', 'etcdctl']);

test('the commands of the pages are commands', async () => {
  const lines = pages()
    .flatMap(codeBlocksOf)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => code.split('\n').filter((line) => line.trim() !== ''));
  const scripts = readPackage('.')?.scripts ?? {};
  const subcommands = new Set<string>();
  const unknown = lines.filter((line) => {
    const [program, first = '', second = ''] = line.trim().split(/\s+/);
    if (program === 'npx' && first === 'gati-storage') return !subcommands.add(second);
    if (program !== 'npm' || first === 'install') return !OF_OTHERS.has(program);
    return !((first === 'run' ? second : first) in scripts);
  });
  expect(unknown).toEqual([]);
  const command = `${root}packages/storage-cli/dist/bin.js`;
  for (const name of subcommands) {
    const { stdout } = await execute(process.execPath, [command, name, '--help']);
    expect(stdout).toContain(`gati-storage ${name}`);
  }
});

test('the JSON of the pages is JSON', () => {
  const texts = pages()
    .flatMap(codeBlocksOf)
    .filter(({ language }) => language.startsWith('json'));
  expect(texts.length).toBeGreaterThan(0);
  for (const { code } of texts) JSON.parse(code.replaceAll(/^\s*\/\/.*$/gm, ''));
});
