import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeBlocksOf } from './code-blocks.js';

/** Writes the files that a page, by its path from the root, shows: code blocks with a name behind their language. */
export function writeDocumentedFiles(page: string, folder: string): string[] {
  return codeBlocksOf(page).flatMap(({ name, code }) => {
    if (name === undefined) return [];
    writeFileSync(join(folder, name), code);
    return [name];
  });
}
