import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { PlainDocumentCheck } from './assert-plain-document.js';
import { DocumentFiles } from './document-files.js';
import { DocumentProblem } from './document-problem.js';
import type { DocumentSource } from './document-source.js';
import { MAX_DOCUMENT_BYTES } from './max-document-bytes.js';
import { parseText } from './parse-text.js';
import { tooLarge, unreadable } from './unreadable.js';

/** A document as plain data that is safe to walk, and the files that it may refer to. */
export interface ReadSource {
  readonly document: unknown;
  readonly files: DocumentFiles;
}

/** Reads and parses a document. The files that it refers to are read when they are asked for. */
export async function readSource(source: DocumentSource): Promise<ReadSource> {
  const text = 'file' in source ? await readText(source.file) : source.text;
  if (text.length > MAX_DOCUMENT_BYTES) throw tooLarge();
  const document = parseText(text);
  const check = new PlainDocumentCheck();
  check.assertPlain(document);
  const bytes = Buffer.byteLength(text);
  const site =
    'file' in source
      ? { folder: dirname(source.file), name: basename(source.file) }
      : { folder: source.folder, name: undefined };
  return { document, files: new DocumentFiles(document, { ...site, bytes, check }) };
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
