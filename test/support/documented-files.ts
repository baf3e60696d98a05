import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BLOCK = /^```\w+ (\S+)\n([\s\S]*?)^```$/gm;

/** Writes the files that a page of the documentation shows: code blocks with a name behind their language. */
export function writeDocumentedFiles(page: string, folder: string): string[] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(BLOCK)].map(([, name, content]) => {
    writeFileSync(join(folder, name as string), content as string);
    return name as string;
  });
}
