import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface CodeBlock {
  /** Path from the root of the project. */
  readonly page: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
  readonly language: string;
  /** Of the file that it is, where the page says so. */
  readonly name: string | undefined;
  readonly code: string;
  /** The page from its beginning to the block. */
  readonly before: string;
}

/** The README of the project and of each package, and every page of docs/. */
export function pages(): string[] {
  const docs = readdirSync(`${root}docs`).filter((name) => name.endsWith('.md'));
  const packages = readdirSync(`${root}packages`).map((name) => `packages/${name}/README.md`);
  return ['README.md', 'ARCHITECTURE.md', ...docs.map((name) => `docs/${name}`), ...packages];
}

/** In the order of the page, without the indentation of the list that a block stands in. */
export function codeBlocksOf(page: string): CodeBlock[] {
  const text = readFileSync(`${root}${page}`, 'utf8');
  return [...text.matchAll(/^( *)```(\w*)(?: (\S+))?\n([\s\S]*?)^\1```$/gm)].map((match) => {
    const [, indentation = '', language = '', name, code = ''] = match;
    const before = text.slice(0, match.index);
    return {
      page,
      line: before.split('\n').length + 1,
      language,
      name,
      code: code.replaceAll(new RegExp(`^${indentation}`, 'gm'), ''),
      before,
    };
  });
}
