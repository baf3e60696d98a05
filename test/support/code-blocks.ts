import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

/** Every README and page: of the project, and of each package. */
export function pages(): string[] {
  const folders = ['', ...readdirSync(`${root}packages`).map((name) => `packages/${name}/`)];
  return [
    'ARCHITECTURE.md',
    ...folders.flatMap((folder) => [
      `${folder}README.md`,
      ...markdownIn(`${folder}docs`).map((name) => `${folder}docs/${name}`),
    ]),
  ];
}

function markdownIn(folder: string): string[] {
  if (!existsSync(`${root}${folder}`)) return [];
  return readdirSync(`${root}${folder}`).filter((name) => name.endsWith('.md'));
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
