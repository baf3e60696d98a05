import { open } from 'node:fs/promises';
import { assertPlainDocument } from './assert-plain-document.js';
import { DocumentProblem } from './document-problem.js';
import { MAX_DOCUMENT_BYTES, parseText } from './parse-text.js';

/** Where a document comes from: a file, or text that is called `name` in messages. */
export type DocumentSource = { readonly file: string } | { readonly text: string; readonly name?: string };

/** How a source is called in messages and reports. */
export function nameOfSource(source: DocumentSource): string {
  return 'file' in source ? source.file : (source.name ?? 'the document');
}

/** Reads and parses a document into plain data that is safe to walk. */
export async function readSource(source: DocumentSource): Promise<unknown> {
  const text = 'file' in source ? await readText(source.file) : source.text;
  if (text.length > MAX_DOCUMENT_BYTES) throw tooLarge();
  const document = parseText(text);
  assertPlainDocument(document);
  return document;
}

async function readText(file: string): Promise<string> {
  try {
    const bytes = await readBytes(file);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof DocumentProblem) throw error;
    throw unreadable(error);
  }
}

/** The size is checked before anything is read, and again for files that have none, such as pipes. */
async function readBytes(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size > MAX_DOCUMENT_BYTES) throw tooLarge();
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of handle.createReadStream({ autoClose: false })) {
      length += (chunk as Buffer).length;
      if (length > MAX_DOCUMENT_BYTES) throw tooLarge();
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks);
  } finally {
    await handle.close();
  }
}

function tooLarge(): DocumentProblem {
  return new DocumentProblem(
    '',
    `the document is larger than ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB`,
    'Split it into several documents.',
  );
}

function unreadable(error: unknown): DocumentProblem {
  const { code } = error as { code?: string };
  if (code === 'ENOENT') return new DocumentProblem('', 'there is no such file', 'Check the path.', error);
  if (code === 'EISDIR') {
    return new DocumentProblem('', 'it is a folder', 'Name a file in it, e.g. openapi.yaml.');
  }
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return new DocumentProblem('', 'it is not UTF-8 text', 'Save it as UTF-8.', error);
  }
  return new DocumentProblem(
    '',
    `it cannot be read (${(error as Error).message})`,
    'Check its permissions.',
    error,
  );
}
